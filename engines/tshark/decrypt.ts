import type { DecryptedCapture, DecryptedStream, DecryptRequest, TlsAlert } from '../decrypted.ts';
import type { DissectRequest } from '../engine.ts';
import { FollowReader } from './follow-reader.ts';
import { judgeRun } from './run-end.ts';
import { runOverCapture } from './run-over-capture.ts';
import { readMessages } from './stderr.ts';

/** Streams asked for in one run: each costs a look at every packet. */
const STREAMS_A_RUN = 100;
/** What a run asks of tshark's memory and ours; streams beyond are told of, not followed. */
const MAX_STREAMS = 10_000;
const MAX_OCTETS = 1 << 30;

/** What tshark sees of TLS in a capture. */
interface TlsIndex {
  /** Numbers that `-z follow,tls` takes: `tcp.stream`, from 4.6 on `tls.stream`. */
  readonly follow: Set<number>;
  /** Server and client ports of packets with TLS. */
  readonly ports: Set<number>;
  readonly alerts: TlsAlert[];
}

/** Lets tshark decrypt, and takes over what comes out. */
export async function decrypt(location: string, request: DecryptRequest): Promise<DecryptedCapture> {
  const byItself = await indexTls(location, request, []);
  const missed = request.ports.filter((port) => !byItself.ports.has(port));
  const decodeAs = missed.map((port) => `tcp.port==${port},tls`);
  const index = decodeAs.length === 0 ? byItself : await indexTls(location, request, decodeAs);
  const numbers = [...index.follow].sort((a, b) => a - b);
  const wanted = numbers.slice(0, MAX_STREAMS);
  const streams: DecryptedStream[] = [];
  let octets = 0;
  let isCut = wanted.length < numbers.length;
  for (let at = 0; at < wanted.length && octets < MAX_OCTETS; at += STREAMS_A_RUN) {
    const batch = wanted.slice(at, at + STREAMS_A_RUN);
    const reader = new FollowReader(MAX_OCTETS - octets);
    await follow(location, dissection(request, decodeAs, null), batch, reader);
    streams.push(...reader.streams);
    octets += octetsOf(reader.streams);
    isCut ||= reader.isCut;
  }
  return { streams, alerts: index.alerts, decodeAs, isCut };
}

function octetsOf(streams: readonly DecryptedStream[]): number {
  return streams.reduce(
    (sum, { pieces }) => pieces.reduce((inner, { bytes }) => inner + bytes.length, sum),
    0,
  );
}

async function follow(
  location: string,
  request: DissectRequest,
  streams: readonly number[],
  reader: FollowReader,
): Promise<void> {
  const output = ['-q', ...streams.flatMap((stream) => ['-z', `follow,tls,yaml,${stream}`])];
  const result = await runOverCapture(location, request, output, (chunk) => reader.push(chunk));
  reader.end();
  if (!reader.isCut) judgeRun({ location, capture: request.capture, result });
}

/** 4.6 numbers TLS sessions apart from TCP streams; the versions before do not have that field. */
async function indexTls(
  location: string,
  request: DecryptRequest,
  decodeAs: readonly string[],
): Promise<TlsIndex> {
  return (
    (await tryIndex(location, dissection(request, decodeAs, 'tls'), 'tls.stream')) ??
    (await tryIndex(location, dissection(request, decodeAs, 'tls'), 'tcp.stream')) ?? {
      follow: new Set(),
      ports: new Set(),
      alerts: [],
    }
  );
}

/** undefined: this tshark has no such field. */
async function tryIndex(
  location: string,
  request: DissectRequest,
  streamField: string,
): Promise<TlsIndex | undefined> {
  const index: TlsIndex = { follow: new Set(), ports: new Set(), alerts: [] };
  const fields = [
    'frame.number',
    streamField,
    'tcp.srcport',
    'tcp.dstport',
    'tls.alert_message.level',
    'tls.alert_message.desc',
  ];
  const output = ['-T', 'fields', '-E', 'aggregator=,', ...fields.flatMap((field) => ['-e', field])];
  let rest = '';
  const result = await runOverCapture(location, request, output, (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(index, line);
    return true;
  });
  const isUnknown = readMessages(result.stderr).other.some((line) => line.includes("fields aren't valid"));
  if (isUnknown) return undefined;
  judgeRun({ location, capture: request.capture, result });
  return index;
}

function takeLine(index: TlsIndex, line: string): void {
  const [frame = '', streams = '', source = '', destination = '', levels = '', descriptions = ''] =
    line.split('\t');
  for (const stream of numbersOf(streams)) index.follow.add(stream);
  for (const port of [...numbersOf(source), ...numbersOf(destination)]) index.ports.add(port);
  const described = numbersOf(descriptions);
  numbersOf(levels).forEach((level, at) => {
    const description = described[at];
    // Level and description of an alert that was not decrypted are no numbers anybody can read.
    if (description === undefined) return;
    index.alerts.push({ frame: Number(frame), sourcePort: numbersOf(source)[0] ?? 0, level, description });
  });
}

function numbersOf(list: string): number[] {
  return list
    .split(',')
    .filter((part) => part !== '')
    .map(Number)
    .filter((number) => Number.isInteger(number));
}

function dissection(
  { capture, keylog, preferences, signal }: DecryptRequest,
  decodeAs: readonly string[],
  filter: string | null,
): DissectRequest {
  return {
    capture,
    plugins: [],
    layers: [],
    preferences,
    decodeAs,
    keylog,
    twoPass: false,
    ranges: false,
    filter,
    ...(signal === undefined ? {} : { signal }),
  };
}
