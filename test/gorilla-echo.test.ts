import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The sample's server is built from Debian's packages, as its README says, and asked over a real socket.

const LIBRARY = '/usr/share/gocode/src/github.com/gorilla/websocket';
const SAMPLE = join(import.meta.dirname, '../samples/websocket/gorilla-echo');
const WIRETWIN = join(import.meta.dirname, '../bin/wiretwin.mjs');
/** How long dumpcap may hold packets back before it writes them. */
const FLUSH_MS = 1000;
const KEY = 'h8MnjGsXMtnoAcyCAn+V5Q==';
const MASKING_KEY = [0x37, 0xfa, 0x21, 0x3d];

function missingPart(): string | null {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    return 'Go is not installed (Debian package golang-go)';
  }
  return existsSync(LIBRARY)
    ? null
    : 'gorilla/websocket is not installed (golang-github-gorilla-websocket-dev)';
}

const missing = missingPart();
if (missing !== null) console.warn(`test/gorilla-echo.test.ts skipped: ${missing}.`);
const withServer = test.skipIf(missing !== null);

let folder = '';
let server: ChildProcess | undefined;
let port = 0;
let log = '';

beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'gorilla-echo-'));
  const binary = join(folder, 'echo');
  execFileSync('go', ['build', '-o', binary, '.'], {
    cwd: SAMPLE,
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'cache') },
  });
  port = await startServer(binary);
}, 180_000);

afterAll(() => {
  server?.kill();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

function startServer(binary: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, ['-addr', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    server = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const ready = /open http:\/\/127\.0\.0\.1:(\d+)\//.exec(log)?.[1];
      if (ready !== undefined) resolve(Number(ready));
    });
    child.on('exit', (code) => {
      reject(new Error(`The server ended with ${code}: ${log}`));
    });
  });
}

function get(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume();
      resolve(response);
    })
      .on('error', reject)
      .end();
  });
}

function upgradeHeaders(): Record<string, string> {
  return {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': KEY,
  };
}

function upgrade(): Promise<{ response: IncomingMessage; socket: Socket }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/echo', headers: upgradeHeaders() })
      .on('upgrade', (response: IncomingMessage, socket: Socket) => {
        resolve({ response, socket });
      })
      .on('error', reject)
      .end();
  });
}

/** One masked frame of fewer than 126 octets (RFC 6455 section 5.2). */
function frame(opcode: number, payload: Buffer): Buffer {
  const masked = payload.map((octet, at) => octet ^ (MASKING_KEY[at % 4] ?? 0));
  return Buffer.from([0x80 | opcode, 0x80 | payload.length, ...MASKING_KEY, ...masked]);
}

function receive(socket: Socket, octets: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= octets) resolve(received);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(received);
    });
  });
}

/** dumpcap once it is listening, or what it said when it may not. */
function startCapture(file: string): Promise<ChildProcess | string> {
  return new Promise((resolve) => {
    const options = ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', file];
    const child = spawn('dumpcap', options, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('File: ')) resolve(child);
    });
    child.on('error', (error) => {
      resolve(error.message);
    });
    child.on('exit', () => {
      resolve(said);
    });
  });
}

async function stopCapture(child: ChildProcess): Promise<void> {
  await sleep(FLUSH_MS);
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

withServer('serves the page that talks to it', async () => {
  const response = await get('/');
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
});

withServer('accepts an upgrade and echoes text, ping and close', async () => {
  const { response, socket } = await upgrade();
  expect(response.statusCode).toBe(101);
  expect(response.headers['sec-websocket-accept']).toBe('n+hJTwLJbZTrnaXspOIBJZYIDh8=');

  const answer = receive(socket, 5 + 3 + 4);
  socket.write(frame(1, Buffer.from('wer')));
  socket.write(frame(9, Buffer.from('p')));
  socket.write(frame(8, Buffer.from([0x03, 0xe8])));
  expect((await answer).toString('hex')).toBe('8103776572' + '8a0170' + '880203e8');
  socket.destroy();
});

withServer('answers a plain request to /echo with 400 and goes on serving', async () => {
  expect((await get('/echo')).statusCode).toBe(400);
  expect((await get('/')).statusCode).toBe(200);
  expect(log).toContain('upgrade: websocket: the client is not using the websocket protocol');
});

withServer("refuses another site's page with 403", async () => {
  const response = await get('/echo', { ...upgradeHeaders(), Origin: 'http://greenhouse.example' });
  expect(response.statusCode).toBe(403);
});

withServer('closes with 1009 above its read limit', async () => {
  const { socket } = await upgrade();
  const answer = receive(socket, 4);
  // A header announcing 1 MiB + 1 octets is enough: the limit is checked before the payload is read.
  socket.write(Buffer.from('82ff' + '0000000000100001' + '37fa213d', 'hex'));
  expect((await answer).subarray(0, 4).toString('hex')).toBe('880203f1');
  socket.destroy();
});

interface Report {
  readonly verdict: string;
  readonly connections: readonly {
    readonly counts: unknown;
    readonly websocket: { readonly close: { readonly cause: string; readonly code: number } };
  }[];
}

// The name gives the reason: not everybody may capture.
withServer('a live capture of it passes: needs the right to capture on loopback', async (context) => {
  const file = join(folder, 'live.pcapng');
  const capture = await startCapture(file);
  if (typeof capture === 'string') {
    console.warn(`test/gorilla-echo.test.ts: no live capture, dumpcap says: ${capture}`);
    context.skip();
    return;
  }
  const { socket } = await upgrade();
  const answer = receive(socket, 5 + 4);
  socket.write(frame(1, Buffer.from('wer')));
  socket.write(frame(8, Buffer.from([0x03, 0xe8])));
  await answer;
  socket.end();
  await stopCapture(capture);

  const command = [WIRETWIN, 'analyze', file, '--engine', 'none', '--format', 'json'];
  const report = JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })) as Report;
  expect(report.verdict).toBe('pass');
  expect(report.connections.map(({ counts }) => counts)).toEqual([
    { c2s: { text: 1, close: 1, bytes: 9 + 8 }, s2c: { text: 1, close: 1, bytes: 5 + 4 } },
  ]);
  expect(report.connections[0]?.websocket.close).toMatchObject({ cause: 'clean', code: 1000 });
});
