// node .ci/check-report.mjs REPORT STATUS AGAINST FRAMES: holds a report of `analyze --format json` against its schema and
// against what the capture is known to contain. STATUS is the exit code of analyze, AGAINST whose dissection was compared.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const [path, status, against, frames] = process.argv.slice(2);
const text = readFileSync(path, 'utf8');
const report = text === '' ? null : JSON.parse(text);
const check = report?.crossCheck ?? null;

const schema = new URL('../docs/schema/analyze.schema.json', import.meta.url);
const ajv = new Ajv2020({ allowUnionTypes: true });
const isValid = ajv.validate(JSON.parse(readFileSync(schema, 'utf8')), report);

const faults = [
  [Number(status) === 0, `analyze exited with ${status}`],
  [isValid, `the schema does not hold: ${ajv.errorsText()}`],
  [check !== null, report === null ? 'no report' : 'nothing was compared'],
  [check?.against === against, `compared against ${check?.against}, not ${against}`],
  [check?.pdus === Number(frames), `${check?.pdus} frames compared, not ${frames}`],
  [check?.differences.length === 0, `${check?.differences.length} differences`],
  [check?.agreed === check?.fields, `${check?.agreed} of ${check?.fields} fields agree`],
]
  .filter(([holds]) => !holds)
  .map(([, fault]) => fault);

for (const fault of faults) console.log(`   wrong: ${fault}`);
if (faults.length === 0) console.log(`   ${check.pdus} frames, ${check.agreed} fields, 0 differences`);
process.exitCode = faults.length === 0 ? 0 : 1;
