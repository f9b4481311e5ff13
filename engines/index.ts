/**
 * The engines room: Wireshark itself, asked for its view of a capture.
 *
 * A capture and a plugin go in, dissected packets come out: layers with fields, values, byte ranges and expert infos,
 * and what is needed of TCP and UDP to do the reassembly once more. The JSON of a tshark that somebody else ran is
 * read by the same reader. This room knows no protocol, decodes nothing itself and judges nothing.
 */
export type {
  DissectedNode,
  DissectedPacket,
  DissectedTcp,
  DissectedUdp,
  DissectionEnd,
  ExpertInfo,
  ExpertSeverity,
  RawRange,
} from './dissected.ts';
export type {
  DecryptedCapture,
  DecryptedPiece,
  DecryptedStream,
  DecryptRequest,
  TlsAlert,
} from './decrypted.ts';
export { EngineError } from './engine.ts';
export type { DissectRequest, Engine, EngineErrorCode, PluginFile } from './engine.ts';
export type { Registered, RegisteredField, RegisteredValue } from './registered.ts';
export { findEngines, type FindOptions } from './find-engines.ts';
export { createPacketReader, type PacketReader, type PacketReaderOptions } from './json/packet-reader.ts';
export { readPacketsFromFd, readPacketsFromStream } from './json/read-packets.ts';
