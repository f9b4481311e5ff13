import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation, Side } from '../capture/stream.ts';
import { HttpConversation } from './http-conversation.ts';
import type { HttpEvent } from './http-event.ts';
import {
  MAXIMUM_HEAD_OCTETS,
  MAXIMUM_HELD_OCTETS,
  MAXIMUM_OUTSTANDING_REQUESTS,
  MAXIMUM_TUNNELS,
} from './limits.ts';

const CONVERSATION: Conversation = {
  stream: 0,
  client: { address: '192.0.2.1', port: 50000 },
  server: { address: '192.0.2.2', port: 8080 },
  synSeen: true,
  firstFrame: 1,
};

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** Two directions of a conversation, spoken in text; each piece comes in a packet of its own. */
class Talk {
  readonly events: HttpEvent[] = [];
  readonly http: HttpConversation;
  readonly #conversation: Conversation;
  readonly #positions: Record<Side, number> = { c2s: 0, s2c: 0 };
  frame = 0;

  constructor(conversation: Partial<Conversation> = {}) {
    this.#conversation = { ...CONVERSATION, ...conversation };
    this.http = new HttpConversation(this.#conversation, 'websocket', (event) => this.events.push(event));
  }

  say(side: Side, text: string, piece = text.length): this {
    for (let at = 0; at < text.length; at += piece) {
      const bytes = new Uint8Array(Buffer.from(text.slice(at, at + piece), 'latin1'));
      this.http.push({ kind: 'data', ...this.#place(side, bytes.length), bytes, time: BigInt(this.frame) });
    }
    return this;
  }

  lose(side: Side, length: number): this {
    this.http.push({ kind: 'gap', ...this.#place(side, length), length, reason: 'lost' });
    return this;
  }

  end(...sides: readonly Side[]): this {
    for (const side of sides) {
      this.http.push({ kind: 'end', ...this.#place(side, 0), reason: 'fin', time: BigInt(this.frame) });
    }
    return this;
  }

  #place(side: Side, length: number) {
    this.frame += 1;
    const position = this.#positions[side];
    this.#positions[side] += length;
    return { conversation: this.#conversation, side, position, frame: this.frame };
  }

  /** What happened, in short; neighbouring data of one side is joined. */
  story(): string[] {
    const lines: string[] = [];
    let open: { side: Side; text: string } | undefined;
    for (const event of this.events) {
      if (event.kind === 'data' && open?.side === event.side) {
        open.text += latin1(event.bytes);
        lines[lines.length - 1] = `${open.side} "${open.text}"`;
        continue;
      }
      open = event.kind === 'data' ? { side: event.side, text: latin1(event.bytes) } : undefined;
      lines.push(tell(event));
    }
    return lines;
  }
}

function tell(event: HttpEvent): string {
  switch (event.kind) {
    case 'upgrade': {
      const { request, response, begins, client, tunnels } = event.upgrade;
      const inside = tunnels > 0 ? ` tunnels=${tunnels}` : '';
      const heads = `${request?.target ?? '?'} ${response?.status ?? '?'}`;
      return `upgrade ${heads} by ${client.port} ${begins.c2s}/${begins.s2c}${inside}`;
    }
    case 'refused':
      return `refused ${event.request?.target ?? '?'} ${event.response.status}`;
    case 'unanswered':
      return `unanswered ${event.request.target}`;
    case 'tunnel':
      return `tunnel ${event.request.target} ${event.response?.status ?? '?'}`;
    case 'not-http':
      return `not-http ${event.looksLike} ${event.side} ${event.position}`;
    case 'data':
      return `${event.side} "${latin1(event.bytes)}"`;
    case 'gap':
      return `${event.side} ${event.offset} ${event.reason} ${event.length}`;
    case 'end':
      return `${event.side} ${event.offset} ${event.reason}`;
  }
}

const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const UPGRADE = head('GET /echo HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket');
const SWITCH = head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade');
const PAGE = `${head('HTTP/1.1 200 OK', 'Content-Length: 5')}hello`;
const ASK = head('GET /page HTTP/1.1', 'Host: x');

test('sees an upgrade and hands out what follows each head', () => {
  const talk = new Talk()
    .say('c2s', UPGRADE)
    .say('s2c', `${SWITCH}\x81\x02hi`)
    .say('c2s', '\x81\x80key')
    .end('c2s', 's2c');
  expect(talk.story()).toEqual([
    `upgrade /echo 101 by 50000 ${UPGRADE.length}/${SWITCH.length}`,
    's2c "\x81\x02hi"',
    'c2s "\x81\x80key"',
    'c2s 5 fin',
    's2c 4 fin',
  ]);
  expect(talk.events[1]).toMatchObject({ kind: 'data', side: 's2c', offset: 0, frame: 2 });
});

test('holds what a client sends early until the answer is known', () => {
  const early = new Talk().say('c2s', `${UPGRADE}early`).say('c2s', ' more');
  expect(early.http.heldFrom()).toBe(1);
  expect(early.story()).toEqual([]);
  early.say('s2c', SWITCH);
  expect(early.http.heldFrom()).toBeUndefined();
  expect(early.story()).toEqual([
    `upgrade /echo 101 by 50000 ${UPGRADE.length}/${SWITCH.length}`,
    'c2s "early more"',
  ]);
  expect(early.events[1]).toMatchObject({ frame: 1, offset: 0 });

  const refused = new Talk().say('c2s', UPGRADE + UPGRADE);
  refused.say('s2c', head('HTTP/1.1 403 Forbidden', 'Content-Length: 0') + SWITCH);
  expect(refused.story()).toEqual([
    'refused /echo 403',
    `upgrade /echo 101 by 50000 ${UPGRADE.length * 2}/${head('HTTP/1.1 403 Forbidden', 'Content-Length: 0').length + SWITCH.length}`,
  ]);
});

const CONVERSATIONS: readonly (readonly [string, readonly (readonly [Side, string])[], readonly string[]])[] =
  [
    [
      'messages before the upgrade, with bodies of all kinds',
      [
        ['c2s', ASK],
        ['s2c', PAGE],
        ['c2s', `${head('POST /form HTTP/1.1', 'Content-Length: 7', 'Expect: 100-continue')}a=GET /`],
        ['s2c', head('HTTP/1.1 100 Continue')],
        [
          's2c',
          `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}4;x=y\r\nHTTP\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n`,
        ],
        ['c2s', head('HEAD /large HTTP/1.1')],
        ['s2c', head('HTTP/1.1 200 OK', 'Content-Length: 5000')],
        ['c2s', ASK],
        ['s2c', head('HTTP/1.1 304 Not Modified', 'Content-Length: 77')],
        ['c2s', `${head('POST /c HTTP/1.1', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`],
        ['s2c', head('HTTP/1.1 204 No Content')],
        ['c2s', UPGRADE],
        ['s2c', `${SWITCH}frames`],
      ],
      ['upgrade /echo 101', 's2c "frames"'],
    ],
    [
      'requests sent ahead of their responses',
      [
        ['c2s', ASK + ASK + UPGRADE],
        ['s2c', PAGE + PAGE],
        ['s2c', `${SWITCH}frames`],
      ],
      ['upgrade /echo 101', 's2c "frames"'],
    ],
    [
      'an upgrade that another answer refuses, and what comes after',
      [
        ['c2s', UPGRADE],
        ['s2c', `${head('HTTP/1.1 426 Upgrade Required', 'Content-Length: 2')}no`],
        ['c2s', ASK],
        ['s2c', PAGE],
      ],
      ['refused /echo 426'],
    ],
    [
      'a 101 that names no protocol, or another one',
      [
        ['c2s', UPGRADE],
        ['s2c', `${head('HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c')}whatever`],
        ['c2s', 'whatever'],
      ],
      ['refused /echo 101'],
    ],
    [
      'tokens in any case and in lists, folded fields, bare LF, empty lines before',
      [
        ['c2s', '\r\n\r\nGET /echo HTTP/1.1\nUPGRADE: h2c,\r\n WebSocket\nConnection : upgrade\n\n'],
        ['s2c', 'HTTP/1.1 101\r\nupgrade: WEBSOCKET\r\n\r\nframes'],
      ],
      ['upgrade /echo 101', 's2c "frames"'],
    ],
    [
      'an absolute target',
      [
        ['c2s', UPGRADE.replace('/echo', 'ws://localhost:8080/echo')],
        ['s2c', SWITCH],
      ],
      ['upgrade ws://localhost:8080/echo 101'],
    ],
    [
      'a tunnel through a proxy',
      [
        ['c2s', head('CONNECT x:80 HTTP/1.1', 'Host: x:80')],
        ['s2c', head('HTTP/1.1 200 Connection established')],
        ['c2s', UPGRADE],
        ['s2c', `${SWITCH}frames`],
      ],
      ['tunnel x:80 200', 'upgrade /echo 101', 's2c "frames"'],
    ],
    [
      'a tunnel that is refused',
      [
        ['c2s', head('CONNECT x:80 HTTP/1.1')],
        ['s2c', `${head('HTTP/1.1 407 Proxy Authentication Required', 'Content-Length: 5')}again`],
        ['c2s', UPGRADE],
        ['s2c', SWITCH],
      ],
      ['upgrade /echo 101'],
    ],
    [
      'TLS in a tunnel',
      [
        ['c2s', head('CONNECT x:443 HTTP/1.1')],
        ['s2c', head('HTTP/1.0 200 OK')],
        ['c2s', '\x16\x03\x01\x02\x00\x01'],
        ['s2c', '\x16\x03\x03\x00\x7a\x02'],
      ],
      ['tunnel x:443 200', 'not-http tls c2s'],
    ],
    ['TLS', [['c2s', '\x16\x03\x01\x00\xff\x01']], ['not-http tls c2s']],
    ['HTTP/2', [['c2s', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0']], ['not-http http2 c2s']],
    [
      'a banner',
      [
        ['s2c', 'SSH-2.0-OpenSSH\r\n'],
        ['c2s', 'SSH-2.0-x\r\n'],
      ],
      ['not-http other s2c'],
    ],
    ['text that is no request', [['c2s', 'HELO there\r\nMAIL FROM: x\r\n']], ['not-http other c2s']],
    [
      'octets',
      [
        ['c2s', '\x81\x05hello'],
        ['s2c', '\x82\x00'],
      ],
      ['not-http other c2s'],
    ],
  ];

const short = (line: string): string => line.replace(/ by .*$|(?<=^not-http \w+ \w+) .*$/u, '');

test.each(CONVERSATIONS)('follows %s', (_, turns, expected) => {
  const talk = new Talk();
  for (const [side, text] of turns) talk.say(side, text);
  expect(talk.story().map(short)).toEqual(expected);
});

test('tells the same however the octets are cut', () => {
  fc.assert(
    fc.property(fc.nat(CONVERSATIONS.length - 1), fc.integer({ min: 1, max: 40 }), (which, piece) => {
      const [, turns = []] = CONVERSATIONS[which] ?? [];
      const whole = new Talk();
      const cut = new Talk();
      for (const [side, text] of turns) {
        whole.say(side, text);
        cut.say(side, text, piece);
      }
      expect(cut.story()).toEqual(whole.story());
    }),
    { numRuns: 400 },
  );
});

test('takes the sender of the request for the client, whatever TCP says', () => {
  const talk = new Talk().say('s2c', UPGRADE).say('c2s', `${SWITCH}frames`).say('s2c', 'masked');
  expect(talk.story()).toEqual([
    `upgrade /echo 101 by 8080 ${UPGRADE.length}/${SWITCH.length}`,
    's2c "frames"',
    'c2s "masked"',
  ]);
});

test('finds the upgrade of a connection whose beginning was not captured', () => {
  const talk = new Talk({ synSeen: false })
    .say('s2c', 'rest of a page')
    .say('c2s', UPGRADE)
    .say('s2c', `${SWITCH}frames`);
  expect(talk.story()).toEqual([
    'not-http other s2c 0',
    `upgrade /echo 101 by 50000 ${UPGRADE.length}/${14 + SWITCH.length}`,
    's2c "frames"',
  ]);
});

test('knows an upgrade by its response when the request was lost', () => {
  const talk = new Talk().lose('c2s', 150).say('s2c', `${SWITCH}frames`).say('c2s', '\x81\x80key');
  expect(talk.story()).toEqual([
    `upgrade ? 101 by 50000 0/${SWITCH.length}`,
    'c2s 0 lost 150',
    's2c "frames"',
    'c2s "\x81\x80key"',
  ]);
  expect(talk.events.at(-1)).toMatchObject({ offset: 150 });
});

test('knows an upgrade by its request when the response was lost', () => {
  const talk = new Talk()
    .say('c2s', UPGRADE)
    .lose('s2c', 129)
    .say('c2s', '\x81\x80key')
    .say('s2c', '\x81\x02hi');
  expect(talk.story()).toEqual([
    `upgrade /echo ? by 50000 ${UPGRADE.length}/0`,
    's2c 0 lost 129',
    'c2s "\x81\x80key"',
    's2c "\x81\x02hi"',
  ]);
});

test('knows an upgrade when only the client was captured', () => {
  const talk = new Talk().say('c2s', UPGRADE).say('c2s', '\x81\x80key').end('c2s', 's2c');
  expect(talk.story()).toEqual([
    `upgrade /echo ? by 50000 ${UPGRADE.length}/0`,
    'c2s "\x81\x80key"',
    'c2s 5 fin',
    's2c 0 fin',
  ]);
  const large = new Talk().say('c2s', UPGRADE).say('c2s', '\x81'.repeat(MAXIMUM_HELD_OCTETS), 1 << 16);
  expect(large.story()[0]).toBe(`upgrade /echo ? by 50000 ${UPGRADE.length}/0`);
});

test('says when an upgrade was never answered', () => {
  expect(new Talk().say('c2s', UPGRADE).end('c2s', 's2c').story()).toEqual(['unanswered /echo']);
  expect(
    new Talk()
      .say('c2s', UPGRADE + ASK)
      .end('s2c', 'c2s')
      .story(),
  ).toEqual(['unanswered /echo']);
});

test('finds its way again after octets were lost in a head, and runs over those lost in a body', () => {
  const inHead = new Talk()
    .say('c2s', 'GET /a HT')
    .lose('c2s', 30)
    .say('c2s', 'rest\r\n\r\n')
    .say('s2c', PAGE);
  inHead.say('c2s', UPGRADE).say('s2c', SWITCH);
  expect(inHead.story().map(short)).toEqual(['not-http other c2s', 'upgrade /echo 101']);

  const large = head('HTTP/1.1 200 OK', 'Content-Length: 1000');
  const inBody = new Talk()
    .say('c2s', ASK)
    .say('s2c', large)
    .lose('s2c', 1000)
    .say('c2s', UPGRADE)
    .say('s2c', SWITCH);
  expect(inBody.story().map(short)).toEqual(['upgrade /echo 101']);

  const chunked = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked');
  const inChunk = new Talk()
    .say('c2s', ASK)
    .say('s2c', `${chunked}a\r\n01`)
    .lose('s2c', 8)
    .say('s2c', '\r\n0\r\n\r\n');
  inChunk.say('c2s', UPGRADE).say('s2c', SWITCH);
  expect(inChunk.story().map(short)).toEqual(['upgrade /echo 101']);
});

test.each([
  ['Content-Length: 5', 'Content-Length: 6'],
  ['Content-Length: five'],
  ['Transfer-Encoding: chunked\r\n\r\nzz'],
])('looks for the next head after a body of unknown length: %j', (...fields) => {
  const talk = new Talk()
    .say('c2s', ASK)
    .say('s2c', head('HTTP/1.1 200 OK', ...fields))
    .say('s2c', 'body');
  talk.say('c2s', UPGRADE).say('s2c', SWITCH);
  expect(talk.story().map(short).at(-1)).toBe('upgrade /echo 101');
});

test('bounds heads, outstanding requests, held octets and tunnels', () => {
  const endless = new Talk()
    .say('c2s', 'GET / HTTP/1.1\r\n')
    .say('c2s', 'X: y\r\n'.repeat(MAXIMUM_HEAD_OCTETS), 1 << 16);
  expect(endless.story()).toEqual(
    ['not-http other c2s 0'].map((line) => expect.stringContaining(line.slice(0, 18)) as string),
  );

  const ahead = new Talk().say('c2s', ASK.repeat(MAXIMUM_OUTSTANDING_REQUESTS + 5) + UPGRADE);
  ahead.say('s2c', PAGE.repeat(MAXIMUM_OUTSTANDING_REQUESTS - 1)).say('s2c', SWITCH);
  expect(ahead.story().map(short)).toEqual(['upgrade /echo 101']);

  const proxy = new Talk();
  for (let tunnels = 0; tunnels <= MAXIMUM_TUNNELS; tunnels += 1) {
    proxy.say('c2s', head('CONNECT x:80 HTTP/1.1')).say('s2c', head('HTTP/1.1 200 OK'));
  }
  proxy.say('c2s', UPGRADE).say('s2c', SWITCH);
  expect(proxy.story()).toEqual(Array.from({ length: MAXIMUM_TUNNELS + 1 }, () => 'tunnel x:80 200'));

  const silent = new Talk().say('c2s', head('CONNECT x:80 HTTP/1.1'));
  silent.say('c2s', '\x00'.repeat(3 * MAXIMUM_HELD_OCTETS), 1 << 16);
  expect(silent.http.heldFrom()).toBeUndefined();
});

test('never throws on what is nearly HTTP', () => {
  const words = [
    'GET ',
    '/ ',
    'HTTP/1.1',
    '\r\n',
    '\n',
    ':',
    'Upgrade: websocket',
    '101',
    ' ',
    '\0',
    '\x16\x03',
    '5',
    'Transfer-Encoding: chunked',
  ];
  const turn = fc.tuple(
    fc.constantFrom<Side>('c2s', 's2c'),
    fc.array(fc.constantFrom(...words), { maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 12 }), fc.boolean(), (turns, synSeen) => {
      const talk = new Talk({ synSeen });
      for (const [side, said] of turns) {
        if (said.length === 0) talk.lose(side, 7);
        else talk.say(side, said.join(''));
      }
      talk.end('c2s', 's2c');
      expect(talk.story().filter((line) => line.startsWith('not-http')).length).toBeLessThanOrEqual(2);
    }),
    { numRuns: 1000 },
  );
});
