import { expect, test } from 'vitest';
import { classifyClose, type CloseEvidence } from './close-cause.ts';

const NOTHING: CloseEvidence = {
  client: { address: '10.0.0.1', port: 50000 },
  server: { address: '10.0.0.2', port: 443 },
  refused: null,
  closes: [],
  ends: [{ side: 's2c', reason: 'fin', frame: 9, time: 2_000_000_000n }],
  last: { c2s: { side: 'c2s', frame: 8, time: 1_900_000_000n }, s2c: null },
  opened: 1_000_000_000n,
  missingPings: { c2s: 0, s2c: 0 },
  violations: { c2s: null, s2c: null },
  sizes: { c2s: null, s2c: null },
  recovered: false,
  alert: null,
  stalled: { c2s: null, s2c: null },
};

test('a fatal TLS alert is the cause, whoever ends TCP after it', () => {
  const alert = { side: 'c2s', name: 'unknown CA', frame: 7 } as const;
  const { cause, by, evidence } = classifyClose({ ...NOTHING, alert });
  expect({ cause, by }).toEqual({ cause: 'tls-alert', by: 'client' });
  expect(evidence).toContain('"unknown CA" from the client in packet 7');
  expect(classifyClose(NOTHING).cause).toBe('fin-without-close');
});

test('a Close frame outweighs an alert that follows it', () => {
  const close = {
    side: 'c2s',
    code: 1000,
    reason: 'bye',
    frame: 5,
    offset: 0,
    hex: '',
    time: 1_500_000_000n,
  } as const;
  const answer = { ...close, side: 's2c', frame: 6 } as const;
  const alert = { side: 's2c', name: 'internal error', frame: 7 } as const;
  expect(classifyClose({ ...NOTHING, closes: [close, answer], alert }).cause).toBe('clean');
});
