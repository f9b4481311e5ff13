#!/usr/bin/env node
// `analyze` is `wiretwin analyze`.
process.argv.splice(2, 0, 'analyze');
await import('./wiretwin.mjs');
