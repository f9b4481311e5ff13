// node .ci/check-report.mjs REPORT STATUS FRAMES: holds a report of `analyze --format json` against what the capture is
// known to contain. STATUS is the exit code of analyze.
import { readFileSync } from 'node:fs';

const [path, status, frames] = process.argv.slice(2);
const text = readFileSync(path, 'utf8');
const check = text === '' ? null : JSON.parse(text).crossCheck;

const faults = [
  [Number(status) === 0, `analyze exited with ${status}`],
  [check !== null, text === '' ? 'no report' : 'nothing was compared'],
  [check?.against === 'plugin', `compared against ${check?.against}, not our plugin`],
  [check?.pdus === Number(frames), `${check?.pdus} frames compared, not ${frames}`],
  [check?.differences.length === 0, `${check?.differences.length} differences`],
  [check?.agreed === check?.fields, `${check?.agreed} of ${check?.fields} fields agree`],
]
  .filter(([holds]) => !holds)
  .map(([, fault]) => fault);

for (const fault of faults) console.log(`   wrong: ${fault}`);
if (faults.length === 0) console.log(`   ${check.pdus} frames, ${check.agreed} fields, 0 differences`);
process.exitCode = faults.length === 0 ? 0 : 1;
