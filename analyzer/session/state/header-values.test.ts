import { expect, test } from 'vitest';
import type { HeaderPart, SessionVariable } from '../../../spec/index.ts';
import type { ResponseHead } from '../../http/head.ts';
import { valueFromHeads } from './header-values.ts';

const BOOL = { kind: 'bool' } as const;
const OF = 'permessage-deflate';

function variable(take: HeaderPart, init: SessionVariable['init']): SessionVariable {
  const from = { in: 'response', header: 'sec-websocket-extensions', take } as const;
  return { id: 'v', doc: '', type: BOOL, per: 'conversation', init, from, unseen: null };
}

function response(...values: readonly string[]): ResponseHead {
  const fields = values.map((value) => ({ name: 'Sec-WebSocket-Extensions', value }));
  const place = { position: 0, length: 0, frame: 1, time: 0n };
  return { kind: 'response', place, version: '1.1', fields, oddities: [], status: 101, reason: '' };
}

const NO: SessionVariable['init'] = { kind: 'bool', value: false, type: BOOL };
const FIFTEEN: SessionVariable['init'] = {
  kind: 'int',
  value: 15n,
  type: { kind: 'int', min: 15n, max: 15n },
};

test.each([
  [{ kind: 'has', element: OF }, NO, ['Permessage-Deflate; a=1'], true],
  [{ kind: 'has', element: OF }, NO, ['x-permessage-deflate'], false],
  [{ kind: 'has', element: OF }, NO, [], false],
  [{ kind: 'has', element: OF }, NO, ['foo', `bar, ${OF}`], true],
  [{ kind: 'besides', elements: [OF] }, NO, [`${OF}, foo`], true],
  [{ kind: 'besides', elements: [OF] }, NO, [OF], false],
  [{ kind: 'parameter', element: OF, parameter: 'a' }, NO, [`foo; a, ${OF}; b; a`], true],
  [{ kind: 'parameter', element: OF, parameter: 'a' }, NO, [`foo; a, ${OF}; b`], false],
  [{ kind: 'parameter', element: OF, parameter: 'w' }, FIFTEEN, [`${OF}; w=10`], 10],
  [{ kind: 'parameter', element: OF, parameter: 'w' }, FIFTEEN, [`${OF}; w="11"`], 11],
  [{ kind: 'parameter', element: OF, parameter: 'w' }, FIFTEEN, [OF], 15],
] as const)('%o of %o', (take, init, values, expected) => {
  const heads = { request: null, response: response(...values) };
  expect(valueFromHeads(variable(take, init), heads)).toBe(expected);
});

test('a head that was not captured says nothing', () => {
  const unseen = { request: response(OF), response: null };
  expect(valueFromHeads(variable({ kind: 'has', element: OF }, NO), unseen)).toBeUndefined();
});
