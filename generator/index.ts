/**
 * The generator: a protocol's IR goes in, a self-contained Wireshark dissector in Lua comes out, or diagnostics about
 * what of the spec has no Lua yet. The gate tells whether a Lua text is fit to be shipped. Nothing here reads a
 * spec, runs Wireshark or prints.
 */
export { generatePlugin } from './generate-plugin.ts';
export type { GeneratedPlugin } from './generate-plugin.ts';
export type { Origin } from './view/header-view.ts';
export { checkLua } from './gate/check-lua.ts';
export type { GateProblem, GateReport } from './gate/report.ts';
