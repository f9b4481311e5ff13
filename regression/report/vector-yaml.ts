import { leaves, toHex, wirePosition } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import type { HandshakeChange, HeadChange, Part, Vector, VectorEnd } from '../suite/suite.ts';
import { expectationTree } from './expectation-tree.ts';
import { hexWords } from './hex-text.ts';
import { itemLines, listOrOne, map, quoted, scalar, textScalar, type YamlTree } from './yaml-text.ts';

/** A vector as it stands in NAME.tests.yaml, ready to be pasted below `vectors:`. What is as usual is left out. */
export function vectorYaml(vector: Vector, protocol: Protocol): string {
  const { name, params, handshake, end, expect, messages, info, problem, requires } = vector;
  const entries: (readonly [string, YamlTree | null])[] = [
    ['name', textScalar(name)],
    ['params', params.size === 0 ? null : map([...params].map(([id, { value }]) => [id, paramTree(value)]))],
    ...partEntries(vector, protocol),
    ['end', endTree(end, vector)],
    ['handshake', handshake === null ? null : handshakeTree(handshake)],
    ['expect', expect === null ? null : listOrOne(expect.map(expectationTree))],
    ['messages', messages === null ? null : listOrOne(messages.map(expectationTree))],
    ['expect_findings', vector.findings.size === 0 ? null : words(vector.findings)],
    ['info', info === null ? null : scalar(quoted(info))],
    ['problem', problem === null ? null : scalar(problem)],
    ['connection', connectionTree(vector)],
    ['requires', requires === null ? null : map([['tshark', scalar(quoted(requires.text))]])],
    ['differs', vector.differs.size === 0 ? null : textMap(vector.differs)],
    ['builtin', builtinTree(vector)],
  ];
  const said = entries.flatMap(([key, tree]) => (tree === null ? [] : ([[key, tree]] as const)));
  return `${itemLines(said, 2).join('\n')}\n`;
}

/** `from` and `hex`, or `steps` where both sides send, or somebody waits. */
function partEntries(vector: Vector, protocol: Protocol): (readonly [string, YamlTree | null])[] {
  const starts = wordStarts(vector, protocol);
  const steps: { readonly head: Part; readonly hex: YamlTree[] }[] = [];
  let at = 0;
  for (const part of vector.parts) {
    const own = new Set([...starts].map((start) => start - at));
    at += part.octets.length;
    const hex = { kind: 'words', words: hexWords(part.octets, own) } as const;
    const last = steps.at(-1);
    if (last?.head.side === part.side && part.after === 0n) last.hex.push(hex);
    else steps.push({ head: part, hex: [hex] });
  }
  const [only] = steps;
  if (steps.length === 1 && only?.head.after === 0n) return stepEntries(only);
  const items = steps.map((step) =>
    map(stepEntries(step).flatMap(([key, tree]) => (tree === null ? [] : [[key, tree]]))),
  );
  return [['steps', { kind: 'list', items }]];
}

function stepEntries({
  head: { side, after },
  hex,
}: {
  readonly head: Part;
  readonly hex: readonly YamlTree[];
}): (readonly [string, YamlTree | null])[] {
  return [
    ['from', scalar(side === 'c2s' ? 'client' : 'server')],
    ['after', after === 0n ? null : scalar(`${after / 1_000_000n}`)],
    ['hex', listOrOne(hex)],
  ];
}

/** First octets of PDUs and fields, so that words of hex are what a reader looks for. */
function wordStarts(vector: Vector, protocol: Protocol): ReadonlySet<number> {
  const starts = new Set<number>();
  for (const { offset, decoded } of new VectorDecoder(protocol).decode(vector).pdus) {
    starts.add(offset);
    for (const { range } of leaves(decoded)) {
      if (range !== null) starts.add(offset + Math.floor(wirePosition(range).start / 8));
    }
  }
  return starts;
}

function paramTree(value: bigint | number | boolean | string | Uint8Array): YamlTree {
  if (typeof value === 'string') return scalar(quoted(value));
  if (value instanceof Uint8Array) return scalar(value.length === 0 ? quoted('') : toHex(value));
  if (typeof value === 'number' && Number.isNaN(value)) return scalar('.nan');
  if (value === Infinity || value === -Infinity) return scalar(value < 0 ? '-.inf' : '.inf');
  return scalar(String(value));
}

function endTree({ kind, side }: VectorEnd, { parts }: Vector): YamlTree | null {
  if (kind === 'open') return scalar('open');
  if (kind === 'fin' && side === (parts[0]?.side ?? 'c2s')) return null;
  return scalar(`${side === 'c2s' ? 'client' : 'server'}-${kind}`);
}

function handshakeTree({ request, response }: HandshakeChange): YamlTree {
  const heads = [
    ['request', request],
    ['response', response],
  ] as const;
  return map(heads.flatMap(([key, head]) => (isUsual(head) ? [] : [[key, headTree(head)]])));
}

function isUsual({ line, fields }: HeadChange): boolean {
  return line === null && fields.size === 0;
}

function headTree({ line, fields }: HeadChange): YamlTree {
  const headers = [...fields].map(([name, values]) => {
    const key = /^[A-Za-z][A-Za-z0-9-]*$/.test(name) ? name : quoted(name);
    const texts = values.map((value) => scalar(quoted(value)));
    return [key, texts.length === 0 ? scalar('null') : listOrOne(texts)] as const;
  });
  return map([
    ...(line === null ? [] : [['line', scalar(quoted(line))] as const]),
    ...(headers.length === 0 ? [] : [['headers', map(headers)] as const]),
  ]);
}

function connectionTree({ connection }: Vector): YamlTree | null {
  if (connection === null) return null;
  const { verdict, close, findings, counts } = connection;
  const sides = (['c2s', 's2c'] as const).flatMap((side) => {
    const own = [...counts].filter(([key]) => key.startsWith(`${side}.`));
    const entries = own.map(([key, count]) => [key.slice(side.length + 1), scalar(`${count}`)] as const);
    return own.length === 0 ? [] : [[side, map(entries)] as const];
  });
  return map([
    ...(verdict === null ? [] : [['verdict', scalar(verdict)] as const]),
    ...(close === null ? [] : [['close', scalar(close)] as const]),
    ...(findings === null ? [] : [['findings', words(findings)] as const]),
    ...(sides.length === 0 ? [] : [['counts', map(sides)] as const]),
  ]);
}

function builtinTree({ builtin }: Vector): YamlTree | null {
  if (builtin.length === 0) return null;
  return listOrOne(
    builtin.map(({ filters, tshark, reason }) =>
      map([
        ['filters', words(filters)],
        ...(tshark === null ? [] : [['tshark', scalar(quoted(tshark.text))] as const]),
        ['reason', scalar(quoted(reason))],
      ]),
    ),
  );
}

/** Ids and filter names. */
function words(ids: ReadonlySet<string>): YamlTree {
  return { kind: 'list', items: [...ids].map(textScalar) };
}

function textMap(texts: ReadonlyMap<string, string>): YamlTree {
  return map([...texts].map(([key, text]) => [key, scalar(quoted(text))]));
}
