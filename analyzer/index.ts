/**
 * The analyzer: captures (or tshark's JSON) in; PDUs, messages, the comparison with an engine, and a verdict out.
 *
 * It decodes on its own, from the IR alone, and never imports the generator: decoding written twice is what gives
 * the cross-check its power. It prints nothing.
 */
export { CaptureError } from './capture/captured-packet.ts';
export type { CaptureEnd, CaptureSummary } from './capture/captured-packet.ts';
export { BindingClash } from './session/bindings.ts';
export type { Connection, SessionObserver } from './session/connection.ts';
export { decodeCapture, type DecodeResult } from './session/decode-capture.ts';
export type { PduProblem, SessionPdu } from './session/pdu.ts';
export { renderTree, toLine } from './report/pdu-line.ts';
export { MessageCollector } from './websocket/message-collector.ts';
export { type Message, messageLine, messageText } from './websocket/message.ts';
export type { Analysis, Failure } from './analysis/analysis.ts';
export { analyzeCapture, type Subject } from './analysis/analyze-capture.ts';
export { analyzeJson } from './analysis/analyze-json.ts';
export type { AnalysisReport, ConnectionReport, CrossCheckReport } from './report/report.ts';
export { type PaintText, PLAIN, renderText } from './report/text.ts';
export { printable } from './report/printable.ts';
