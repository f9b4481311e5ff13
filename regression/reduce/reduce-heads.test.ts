import { expect, test } from 'vitest';
import { headPatches } from './head-patches.ts';
import { filledText } from './reduce-heads.ts';

test('words that tell of somebody become filler, those of the RFCs stay', () => {
  expect(filledText('permessage-deflate; server_max_window_bits=12')).toBe(
    'permessage-deflate; server_max_window_bits=12',
  );
  expect(filledText('greenhouse.v2, chat')).toBe('xxxxxxxxxx.xx, xxxx');
  expect(filledText('session=abc123; id="7f3a"')).toBe('xxxxxxx=xxxxxx; xx="xxxx"');
});

const HEAD = [
  'GET /plants/17?token=s3cret HTTP/1.1',
  'Host: greenhouse.example',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
  'Cookie: session=abc123',
  '',
  '',
].join('\r\n');

test('heads of captured packets are filled in their places, and the key with its answer', () => {
  const octets = Buffer.from(HEAD);
  for (const patch of headPatches(octets)) octets.set(patch.octets, patch.start);
  expect(octets.toString().split('\r\n')).toEqual([
    'GET /xxxxxx/xxxxxxxxxxxxxxx HTTP/1.1',
    'Host: xxxxxxxxxx.xxxxxxx',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Cookie: xxxxxxx=xxxxxx',
    '',
    '',
  ]);
});
