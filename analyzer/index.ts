/**
 * The analyzer: captures (or tshark's JSON) in; PDUs, messages, the comparison with an engine, and a verdict out.
 *
 * It decodes on its own, from the IR alone, and never imports the generator: decoding written twice is what gives
 * the cross-check its power. It prints nothing.
 */
export { CaptureError } from './capture/captured-packet.ts';
export type { CapturedPacket, CaptureEnd, CaptureSummary } from './capture/captured-packet.ts';
export { readCapture } from './capture/read-capture.ts';
export { TransportDecoder } from './capture/transport.ts';
export { BindingClash, Bindings } from './session/bindings.ts';
export type { Connection, SessionObserver } from './session/connection.ts';
export { openSecure, type SecureOptions } from './secure/open-secure.ts';
export type { SecureCapture } from './secure/secure-capture.ts';
export { decodeCapture, type DecodeResult } from './session/decode-capture.ts';
export type { PduProblem, SessionPdu } from './session/pdu.ts';
export { renderTree, toLine } from './report/pdu-line.ts';
export { MessageCollector } from './websocket/message-collector.ts';
export { type Message, messageLine, messageText } from './websocket/message.ts';
export type { Analysis, Failure } from './analysis/analysis.ts';
export { analyzeCapture } from './analysis/analyze-capture.ts';
export type { Subject } from './analysis/engine-run.ts';
export { VERDICTS } from './judge/finding.ts';
export { OWN_RULES } from './judge/own-rules.ts';
export { CLOSE_CAUSES } from './websocket/close-cause.ts';
export { ruleHint } from './websocket/hints.ts';
export type { Expectation } from './websocket/pairs.ts';
export { analyzeJson } from './analysis/analyze-json.ts';
export type { AnalysisReport, ConnectionReport, CrossCheckReport } from './report/report.ts';
export { type PaintText, PLAIN } from './report/paint.ts';
export { renderText } from './report/text.ts';
export { printable } from './report/printable.ts';
// What the regression room builds its own runs from: decoding of single PDUs, comparison of one PDU with an engine's.
export {
  type BitRange,
  createDecoder,
  type DecodedPdu,
  type DecodedStruct,
  type Decoder,
  FALLBACK_ARM,
  leaves,
  type MemberTrace,
  memberValue,
  NO_ARM,
  type ObjectTrace,
  type Occurrence,
  toHex,
  toJsonFields,
  traceObjects,
  type Value,
  wirePosition,
} from './decode/index.ts';
export { decoderOptions } from './session/decoder-options.ts';
export { paramsFor } from './session/params.ts';
export { PduSequence } from './session/pdu-sequence.ts';
export type { SessionMessage } from './session/message.ts';
export { canonicalText } from './compare/canonical.ts';
export { comparePdu } from './compare/compare-pdu.ts';
export { CrossCheck } from './compare/cross-check.ts';
export type { EngineTally } from './compare/tally.ts';
export { homelessDiagnosis, ownerOf } from './analysis/owners.ts';
export type { Difference, OctetRange } from './compare/difference.ts';
export { type FieldPlan, planFields } from './compare/field-plan.ts';
export { observePdu, type ObservedPdu } from './compare/observed.ts';
export { type ExpectedPdu, expectPdu } from './compare/expected.ts';
export { pluginView, type View } from './compare/view.ts';
export { aliasView, builtinView, countAliases } from './compare/builtin-view.ts';
export { WEBSOCKET_DEFECTS } from './websocket/builtin-defects.ts';
export type { Endpoint } from './capture/segment.ts';
export type { Side } from './capture/stream.ts';
export {
  buildTcp,
  buildUdp,
  type Encapsulation,
  linkTypeOf,
  PLAIN_ETHERNET,
} from './capture/write/build-packet.ts';
export { ConversationBuilder } from './capture/write/conversation-builder.ts';
export { type PacketToWrite, writeCapture } from './capture/write/write-capture.ts';
