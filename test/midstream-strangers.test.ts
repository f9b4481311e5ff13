import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSession, segmentsOf } from './support-transports.ts';
import { noteWithoutShared, SHARED } from './support-shared.ts';

/** Captures that hold no WebSocket, cut as a capture begun too late is: nothing in them is claimed. */
const STRANGERS = SHARED === undefined ? [] : readdirSync(join(SHARED, 'captures')).filter(isStranger);

function isStranger(file: string): boolean {
  return /^09.*\.pcap/.test(file);
}

/** How many packets are missing at the beginning, in parts of all. */
const CUTS = [0, 0.05, 0.1, 0.25, 0.5, 0.8];

noteWithoutShared();
if (SHARED === undefined) test.skip('no frame in other traffic: needs ../shared', () => undefined);

test.each(STRANGERS)('%s: no frame, wherever the capture begins', async (file) => {
  const segments = await segmentsOf(join(SHARED ?? '', 'captures', file));
  expect(segments.length).toBeGreaterThan(10);
  for (const part of CUTS) {
    const rest = segments.slice(Math.floor(segments.length * part));
    const late = part === 0 ? rest : rest.filter(({ flags }) => !flags.syn);
    expect(runSession(late).found, `from ${String(part)} on`).toEqual([]);
  }
});
