import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyzeCapture } from '../analyzer/index.ts';
import { withPlugins } from '../cli/plugin-files.ts';
import { findEngines } from '../engines/index.ts';
import { compileSpec, type Protocol } from '../spec/index.ts';
import { noteWithoutTshark, TSHARKS } from './support-tshark.ts';

// A protocol inside WebSocket: one plugin hands over to the other, and both are compared with our decoding.

const SAMPLES = join(import.meta.dirname, '../samples');

function compiled(path: string): Protocol {
  const name = join(SAMPLES, path);
  const { protocol } = compileSpec({
    main: { name, text: readFileSync(name, 'utf8') },
    load: () => undefined,
    bind: { tcp: [], udp: [] },
  });
  if (protocol === undefined) throw new Error(`${path} does not compile`);
  return protocol;
}

noteWithoutTshark();

test.skipIf(TSHARKS.length === 0).each(['chat.pcapng', 'chat-compressed.pcapng'])(
  '%s: the inner plugin shows what we decode of the messages',
  async (capture) => {
    const engines = (await findEngines({ want: 'auto' })).filter(({ name }) => name === 'tshark');
    const protocols = [compiled('websocket/websocket.ksy'), compiled('chat-over-websocket/chat.ksy')];
    const report = await withPlugins(protocols, true, async (subjects) => {
      const file = join(SAMPLES, 'chat-over-websocket/captures', capture);
      return (await analyzeCapture(file, subjects, engines, { strict: false })).report;
    });
    expect(report.failures).toEqual([]);
    expect(report.crossCheck?.differences).toEqual([]);
    // Twenty frames, nine requests and nine answers.
    expect(report.crossCheck?.pdus).toBe(38);
    const [connection] = report.connections;
    expect(connection?.counts.c2s['chat']).toBe(9);
    expect(connection?.counts.s2c['chat']).toBe(9);
    expect(connection?.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  },
  240_000,
);
