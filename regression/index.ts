/**
 * Spec-driven regression tests: a `NAME.tests.yaml` beside a spec goes in, a result for every vector comes out.
 *
 * Each vector goes through our decoder, through our session over a capture made of it, and through every engine with
 * the plugin generated from the same spec. This room reads and writes files of tests; it prints nothing.
 */
export { findTests } from './find-tests.ts';
export { type LoadSpec, readSuite, type SpecReference, type SuiteRead } from './suite/read-suite.ts';
export type { Suite, Vector } from './suite/suite.ts';
export { runSuite, type RunOptions, type SuiteResult } from './run/run-suite.ts';
export type { Failure, VectorResult } from './judge/failure.ts';
export { type PaintTest, renderTests } from './report/text.ts';
export { hasFailed, testReport } from './report/json.ts';
export { renderGithub } from './report/github.ts';
export { renderJunit } from './report/junit.ts';
export type { PinOptions, SeenInCapture } from './pins/decode-pin.ts';
export { type GoldenChange, type GoldenPlan, planGoldens, writeGolden } from './pins/plan-goldens.ts';
export { runPins } from './pins/run-pins.ts';
export type { CheckContext, RunCheck } from './checks/check-context.ts';
export type { CheckGroup, CheckResult } from './checks/check-result.ts';
export { reduce, type Reduced, type ReduceOptions } from './reduce/reduce.ts';
export { ReduceError } from './reduce/reduce-error.ts';
export { CoverageCollector } from './coverage/coverage-collector.ts';
export { type Coverage, runCoverage } from './coverage/run-coverage.ts';
export { runRegistration } from './registration/run-registration.ts';
export { runFilters } from './filters/run-filters.ts';
export { runBuiltin } from './builtin/run-builtin.ts';
export { type GeneratedSettings, runGenerated } from './generated/run-generated.ts';
export type { SpecMutant } from './mutation/mutant.ts';
export { type MutationOptions, runMutation } from './mutation/run-mutation.ts';
export { specMutants } from './mutation/spec-mutants.ts';
