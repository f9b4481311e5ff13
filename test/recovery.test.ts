import fc from 'fast-check';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import type { TcpSegment } from '../analyzer/capture/segment.ts';
import { capturesWith, noteWithoutShared, SHARED } from './support-shared.ts';
import { keyOf, type Run, runSession, segmentsOf } from './support-transports.ts';

// Captures cut where a handshake, a direction or octets are missing: what is found is of the true frames, nothing else.

noteWithoutShared();

const captures = capturesWith('.ref.json');
const pathOf = (name: string): string =>
  captures.find(({ capture }) => basename(capture).startsWith(name))?.capture ?? '';
const ifShared = test.runIf(SHARED !== undefined);

const CUT = ['01-', '03a-', '04a-', '04c-', '05h-', '08b-', '08e-'];

const isFromClient = ({ source, destination }: TcpSegment): boolean => source.port > destination.port;

function keysOf({ found }: Run): string[] {
  return found.filter(({ pdu }) => pdu.problem === null).map(keyOf);
}

ifShared('finds all frames of connections whose upgrades were not captured', async () => {
  const { connections, found } = runSession(await segmentsOf(pathOf('02a-')));
  expect(connections.map(({ recovered }) => recovered?.skipped)).toEqual(
    Array.from({ length: 4 }, () => ({ c2s: 0, s2c: 0 })),
  );
  expect(found).toHaveLength(51);
  expect(found.every(({ pdu }) => (pdu.confidence ?? 0) >= 0.75)).toBe(true);
});

ifShared('finds the first whole frame behind the middle of one', async () => {
  const { connections, found } = runSession(await segmentsOf(pathOf('02f-')));
  expect(connections.map(({ recovered }) => recovered?.skipped)).toEqual([{ c2s: 38_926, s2c: 0 }]);
  const count = (side: string): number => found.filter(({ pdu }) => pdu.direction === side).length;
  expect({ c2s: count('c2s'), s2c: count('s2c') }).toEqual({ c2s: 13, s2c: 13 });
});

test.runIf(SHARED !== undefined).each(CUT)(
  'a capture %s cut anywhere, or of one direction, shows true frames only',
  async (name) => {
    const segments = await segmentsOf(pathOf(name));
    const truth = new Set(keysOf(runSession(segments)));
    const views = [() => true, isFromClient, (segment: TcpSegment) => !isFromClient(segment)];
    fc.assert(
      fc.property(fc.nat(segments.length - 1), fc.constantFrom(...views), (cut, view) => {
        const run = runSession(segments.slice(cut).filter(view));
        expect(keysOf(run).filter((key) => !truth.has(key))).toEqual([]);
      }),
      { numRuns: 12, seed: 6455 },
    );
  },
  120_000,
);

ifShared('finds the frames on another port, and whoever of the two has the lower one', async () => {
  const moved = (await segmentsOf(pathOf('02a-'))).map((segment) => {
    const move = (port: number): number => (port === 8080 ? 60_999 : port - 30_000);
    const { source, destination } = segment;
    return {
      ...segment,
      source: { ...source, port: move(source.port) },
      destination: { ...destination, port: move(destination.port) },
    };
  });
  const { connections, found } = runSession(moved);
  expect(found).toHaveLength(51);
  expect(connections.map(({ server, recovered }) => [server.port, recovered?.directionFrom])).toEqual(
    Array.from({ length: 4 }, () => [60_999, 'pdu']),
  );
});

const HEADS = { request: /^GET .*\r\nUpgrade: websocket\r\n/s, response: /^HTTP\/1\.1 101 / };

test.runIf(SHARED !== undefined).each(['request', 'response'] as const)(
  'finds the frames where the %s of the upgrade is missing',
  async (missing) => {
    const segments = await segmentsOf(pathOf('01-'));
    const whole = keysOf(runSession(segments));
    const left = segments.filter(
      ({ payload }) => !HEADS[missing].test(Buffer.from(payload).toString('latin1')),
    );
    expect(left).toHaveLength(segments.length - 4);
    for (const kept of [left, left.filter(({ flags }) => !flags.syn)]) {
      const run = runSession(kept);
      expect(keysOf(run).sort()).toEqual([...whole].sort());
    }
  },
);
