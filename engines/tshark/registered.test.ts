import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findTsharks } from './find-tshark.ts';

const [tshark] = await findTsharks([]);

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-registered-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function plugin(text: string): { path: string; protocol: string } {
  const path = join(folder, 'wtbarn.lua');
  writeFileSync(path, text);
  return { path, protocol: 'wtbarn' };
}

const BARN = `
local proto = Proto("wtbarn", "Barn")
local kinds = { [1] = "Hay", [-1] = "None" }
proto.fields = {
  ProtoField.uint16("wtbarn.kind", "Kind", base.HEX, kinds, 0x0ff0, "What is stored"),
  ProtoField.int32("wtbarn.heat", "Heat", base.UNIT_STRING, { " C" }),
  ProtoField.bool("wtbarn.open", "Open", 8, { "Wide", "Shut" }, 0x01),
  ProtoField.string("wtbarnacle.name", "By it, under another name"),
}
proto.experts = { ProtoExpert.new("wtbarn.fire", "It burns", expert.group.PROTOCOL, expert.severity.ERROR) }
`;

test.runIf(tshark?.registered !== undefined)(
  'tells the fields, names of values and expert infos of a protocol, and no others: needs a tshark',
  async () => {
    const found = await tshark?.registered?.(plugin(BARN), ['wtbarn']);
    const fields = [...(found?.fields ?? [])].sort((a, b) => (a.filter < b.filter ? -1 : 1));
    expect(fields).toEqual([
      field('wtbarn.fire', 'It burns', 'FT_NONE', {}),
      field('wtbarn.heat', 'Heat', 'FT_INT32', { base: 'BASE_DEC' }),
      field('wtbarn.kind', 'Kind', 'FT_UINT16', {
        base: 'BASE_HEX',
        mask: 0xff0n,
        description: 'What is stored',
      }),
      field('wtbarn.open', 'Open', 'FT_BOOLEAN', { base: '8', mask: 1n }),
      field('wtbarnacle.name', 'By it, under another name', 'FT_STRING', {}),
    ]);
    const values = (found?.values ?? []).map(({ filter, kind, number, text }) => [
      filter,
      kind,
      number,
      text,
    ]);
    expect(values).toContainEqual(['wtbarn.kind', 'value', 1n, 'Hay']);
    expect(values).toContainEqual(['wtbarn.kind', 'value', 0xffff_ffffn, 'None']);
    expect(values).toContainEqual(['wtbarn.heat', 'unit', 0n, ' C']);
    expect(values).toContainEqual(['wtbarn.open', 'truth', 1n, 'Wide']);
    expect(values).toContainEqual(['wtbarn.open', 'truth', 0n, 'Shut']);
  },
);

test.runIf(tshark?.registered !== undefined)(
  'a plugin that does not load has registered nothing: needs a tshark',
  async () => {
    const asked = tshark?.registered?.(plugin(`${BARN}\nerror("no hay")\n`), ['wtbarn']);
    await expect(asked).rejects.toThrow('no hay');
  },
);

function field(filter: string, label: string, type: string, more: object): object {
  return { filter, label, type, protocol: 'wtbarn', base: '', mask: 0n, description: '', ...more };
}
