import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { ConversationBuilder } from '../analyzer/index.ts';
import { PluginFolder } from './support-plugin.ts';
import { noteWithoutTshark, TSHARKS } from './support-tshark.ts';
import { ROOT } from './support-websocket.ts';

/** `tshark -q -z ws,verdict`: the tables inside Wireshark, on every tshark. */
vi.setConfig({ testTimeout: 120_000 });
noteWithoutTshark();
const folder = new PluginFolder();
afterAll(() => folder.remove());

function verdict(tshark: string, capture: string, args: readonly string[] = []): string {
  const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  chmodSync(capture, 0o644);
  chmodSync(folder.plugin.path, 0o644);
  const result = spawnSync(
    tshark,
    ['-n', '-q', '-r', capture, '-X', `lua_script:${folder.plugin.path}`, '-z', 'ws,verdict', ...args],
    {
      ...asNobody,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder.path, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    },
  );
  expect(result.stderr).not.toMatch(/Lua:/u);
  return result.stdout;
}

const sample = join(folder.path, 'gorilla.pcapng');
copyFileSync(join(ROOT, 'samples/websocket/captures/gorilla-echo-chromium.pcapng'), sample);

function head(...lines: readonly string[]): Uint8Array {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** A wrong Accept with an escape sequence in it, an unmasked Text, a Ping that nobody answers, and an RST. */
const hostile = folder.capture(
  new ConversationBuilder()
    .open()
    .send(
      'c2s',
      head(
        'GET / HTTP/1.1',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
      ),
    )
    .send(
      's2c',
      head(
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Accept: no',
        'Sec-WebSocket-Protocol: \u001b[31mred',
      ),
    )
    .send('c2s', Buffer.from('810568656c6c6f', 'hex'))
    .send('s2c', Buffer.from('89026869', 'hex'))
    .reset('s2c')
    .packets(),
);

for (const { version, path } of TSHARKS) {
  test.each([[], ['-2']])(
    `tshark ${version}: counts, handshakes and ends of real connections %s`,
    (...args) => {
      const text = verdict(path, sample, args);
      expect(text).toContain('verdict of 4 connections');
      expect(text.match(/^ {2}verdict +PASS$/gmu)).toHaveLength(4);
      expect(text.match(/Accept is right/gu)).toHaveLength(4);
      expect(text).toContain('client     16 PDUs, 273644 octets: Text 10, Binary 4, Continuation 1, Close 1');
      expect(text).toContain('end        clean: Close 4321 (packet 108, by the client)');
    },
  );

  test(`tshark ${version}: findings name their packets, and nothing from the wire reaches the terminal`, () => {
    const text = verdict(path, hostile);
    expect(text).toMatch(/^ {2}verdict +FAIL$/mu);
    expect(text).toContain('Accept is wrong');
    expect(text).toContain('finding    HS-ACCEPT (error) by the server, 1 times: packets 5');
    expect(text).toContain('finding    MASK-C2S (error) by the client, 1 times: packets 6');
    expect(text).toContain('pings      1 by the server, 0 answered');
    expect(text).toContain('end        no closing PDU: RST by the server in packet 8');
    expect(text).toContain('subprotocol \\x1b[31mred');
    expect([...text].every((character) => character === '\n' || (character >= ' ' && character <= '~'))).toBe(
      true,
    );
  });
}
if (TSHARKS.length === 0) test.skip('the verdict inside Wireshark: no tshark found', () => undefined);
