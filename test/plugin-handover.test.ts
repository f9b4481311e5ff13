import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { generatePlugin } from '../generator/index.ts';
import { conversation, frame, head, REQUEST, writeConversations } from './support-conversation.ts';
import { noteWithoutShared, SHARED } from './support-shared.ts';
import { noteWithoutTshark, TSHARKS, tsharkJson, withFolder } from './support-tshark.ts';
import { compileWebsocket } from './support-websocket.ts';

/** Messages that are handed to the dissector called as the subprotocol, which no table may have. */
vi.setConfig({ testTimeout: 120_000 });
noteWithoutTshark();
noteWithoutShared();

const origin = { version: '0.0.0', specPath: 'websocket.ksy', command: 'test' };
const generated = generatePlugin(compileWebsocket(), origin);
const lua = 'lua' in generated ? generated.lua : '';

interface Packet {
  readonly _source: { readonly layers: Readonly<Record<string, readonly string[] | undefined>> };
}

const FIELDS = ['frame.number', 'mqtt.msgtype', 'mqtt.topic', '_ws.malformed'];
const TWO_PASSES = ['-2'];

/** The packets with MQTT in them or anything malformed: number, types, topics. */
function shown(path: string, capture: string, more: readonly string[] = []): readonly string[] {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const json = tsharkJson(path, capture, lua, ['-Y', 'mqtt or _ws.malformed', ...fields, ...more]);
  const packets = JSON.parse(json) as readonly Packet[];
  return packets.map(({ _source: { layers } }) =>
    FIELDS.flatMap((field) => layers[field]?.join() ?? []).join(' '),
  );
}

/** What is shown of binary messages of the client; the first is in packet 6. */
function shownOf(
  path: string,
  name: string,
  messages: readonly Uint8Array[],
): readonly (readonly string[])[] {
  const accept = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Protocol: ${name}`,
  ];
  const steps = messages.map((message, index) => ({
    at: 10 + index,
    side: 'c2s' as const,
    send: frame('c2s', 2, message),
  }));
  return withFolder((folder) => {
    const capture = join(folder, 'messages.pcap');
    writeConversations(capture, [conversation(steps, { upgrade: [REQUEST, head(...accept)] })]);
    return [shown(path, capture), shown(path, capture, TWO_PASSES)];
  });
}

const PUBLISH = Buffer.from('300a0003612f6268656c6c6f', 'hex');
const PING = Buffer.from('c000', 'hex');

for (const { version, path } of TSHARKS) {
  test(`tshark ${version}: hands over what lies in several messages, with what follows it`, () => {
    const last = Buffer.concat([PUBLISH.subarray(4), PING, PING.subarray(0, 1)]);
    const messages = [PUBLISH.subarray(0, 1), PUBLISH.subarray(1, 4), last, PING.subarray(1), PING];
    const wanted = ['8 3,12 a/b', '9 12', '10 12'];
    expect(shownOf(path, 'MQTT', messages)).toEqual([wanted, wanted]);
  });

  test.each(['frame', 'eth', 'data', 'ws', 'lua', 'tcp'])(
    `tshark ${version}: hands nothing to a dissector that does not read streams (%s)`,
    (name) => {
      expect(shownOf(path, name, [PING, PUBLISH])).toEqual([[], []]);
    },
  );

  test.skipIf(SHARED === undefined)(
    `tshark ${version}: shows what MQTT.js and its broker say to each other${SHARED === undefined ? ': no ../shared/captures' : ''}`,
    () => {
      const capture = join(SHARED ?? '', 'captures', '05h-mqtt-over-websocket.pcapng');
      const packets = shown(path, capture);
      expect(packets).toHaveLength(45);
      expect(packets.slice(0, 5)).toEqual(['24 1', '26 2', '34 8 t/#', '36 9', '43 3 t/0']);
      expect(packets.filter((packet) => packet.includes('alformed'))).toEqual([]);
      expect(shown(path, capture, TWO_PASSES)).toEqual(packets);
    },
  );
}
