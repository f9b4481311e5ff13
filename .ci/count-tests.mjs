// node .ci/count-tests.mjs RESULTS: names every skipped test of a vitest JSON report, then prints the count as the last
// line. Exits 1 when a test failed, or when none ran.
import { readFileSync } from 'node:fs';

const results = read(process.argv[2]);
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
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const message = `the test runner left no result: ${error.message}`;
    return { testResults: [{ status: 'failed', assertionResults: [], message }] };
  }
}
