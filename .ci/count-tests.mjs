// node .ci/count-tests.mjs RESULTS [LEFT-OUT...]: names every skipped test of a vitest JSON report, then prints the
// count as the last line. Exits 1 when a test failed, when none ran, or when one was skipped for no reason: neither was
// anything left out that tests need, nor does its name give one ("name: reason"). Silent skips are how tests rot.
import { readFileSync } from 'node:fs';

const [path, ...leftOut] = process.argv.slice(2);
const results = read(path);
const tests = results.testResults.flatMap((file) => file.assertionResults);
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
const passed = tests.filter((test) => test.status === 'passed').length;
// A file that could not be loaded has no tests and still counts as one failure.
const broken = results.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
const failed = tests.filter((test) => test.status === 'failed').length + broken.length;

for (const test of skipped) console.log(`skipped: ${test.fullName}`);
for (const file of broken) console.log(`could not be loaded: ${file.message}`);
const unexplained = leftOut.length > 0 ? [] : skipped.filter((test) => !test.title.includes(': '));
for (const test of unexplained)
  console.log(`wrong: all that it needs is here, and it was skipped: ${test.fullName}`);
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
process.exitCode = passed > 0 && failed === 0 && unexplained.length === 0 ? 0 : 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = `the test runner left no result: ${error.message}`;
    return { testResults: [{ status: 'failed', assertionResults: [], message }] };
  }
}
