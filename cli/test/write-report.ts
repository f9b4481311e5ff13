import { renderGithub, renderJunit, renderTests, testReport } from '../../regression/index.ts';
import { createPaint } from '../notes.ts';
import type { Output } from '../output.ts';
import type { TestedSuite } from './run-suites.ts';
import type { TestOptions } from './test-options.ts';

export function writeReport(output: Output, tested: readonly TestedSuite[], options: TestOptions): void {
  const results = tested.map(({ result }) => result);
  switch (options.format) {
    case 'json':
      output.line(JSON.stringify(testReport(results), null, 2));
      return;
    case 'junit':
      output.write(renderJunit(results));
      return;
    case 'github':
      output.write(renderGithub(results, process.env['GITHUB_WORKSPACE'] ?? process.cwd()));
      return;
    case 'text':
      for (const one of tested) output.write(textOf(one, options));
  }
}

function textOf({ result, notRun }: TestedSuite, options: TestOptions): string {
  const paint = createPaint(options.color && options.output === undefined, process.stdout);
  const styles = { pass: 'green', fail: 'red', dim: 'dim', bold: 'bold' } as const;
  const text = renderTests(result, (style, shown) => paint(styles[style], shown)).trimEnd();
  const rest = notRun.length === 0 ? '' : `${paint('dim', `  not run: ${notRun.join(', ')}`)}\n`;
  return `${text}\n${rest}\n`;
}
