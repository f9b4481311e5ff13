import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Analysis,
  analyzeCapture,
  BindingClash,
  CaptureError,
  type Subject,
} from '../../analyzer/index.ts';
import { type Engine, EngineError } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { PinnedCapture } from '../suite/suite.ts';
import { isInRange } from '../suite/version-range.ts';
import { type DecodedPin, decodePin, keylogFor, type PinOptions, protocolsOf } from './decode-pin.ts';
import { compareLines, goldenLines } from './golden-lines.ts';
import { goldenTexts } from './golden-texts.ts';
import { judgeCrossCheck, judgeNumbers, numbersOf, type PinnedNumbers } from './judge-pin.ts';
import { besideTests } from './pin-paths.ts';
import { expectYaml, unpinned, wronglyPinned } from './pin-yaml.ts';

/** Holds every pinned capture of a suite against what the tests file says of it. */
export async function runPins(context: CheckContext, options: PinOptions): Promise<readonly CheckResult[]> {
  const { suite } = context;
  const results: CheckResult[] = [];
  for (const [index, pin] of suite.captures.entries()) {
    context.progress('pinned captures', index, suite.captures.length);
    const run = new PinRun(pin, context, options);
    await run.run(index);
    results.push(run.result());
  }
  return results;
}

/** One pinned capture on its way: what went wrong with it is gathered. */
class PinRun {
  private readonly pin: PinnedCapture;
  private readonly context: CheckContext;
  private readonly options: PinOptions;
  private readonly path: string;
  private readonly wrong: string[] = [];
  private readonly notes: string[] = [];
  private readonly detail: string[] = [];
  private data: object | null = null;

  constructor(pin: PinnedCapture, context: CheckContext, options: PinOptions) {
    [this.pin, this.context, this.options] = [pin, context, options];
    this.path = besideTests(context.suite, pin.file);
  }

  result(): CheckResult {
    const failed = this.wrong.length > 0;
    return {
      group: 'captures',
      name: this.pin.file,
      status: failed ? 'fail' : 'pass',
      line: this.pin.line,
      messages: failed ? this.wrong : this.notes,
      detail: this.detail,
      data: this.data,
    };
  }

  async run(index: number): Promise<void> {
    const { origin } = this.pin;
    if (!existsSync(this.path)) {
      this.wrong.push(
        `There is no capture "${this.path}".`,
        `Put it there${origin === '' ? '' : ` (origin: ${origin})`}, or take the entry out of "captures".`,
      );
      return;
    }
    const protocols = protocolsOf(this.context.suite, this.pin, this.options);
    if (protocols === undefined) {
      this.wrong.push('One of its specs has errors, which were told above.');
      return;
    }
    try {
      await this.analyse(protocols, index);
    } catch (error) {
      const known =
        error instanceof CaptureError || error instanceof EngineError || error instanceof BindingClash;
      if (!known) throw error;
      this.wrong.push(error.message);
    }
  }

  private async analyse(protocols: readonly Protocol[], index: number): Promise<void> {
    const { suite } = this.context;
    const engines = this.engines();
    const keylog = keylogFor(suite, this.pin, this.options);
    const decoded = await decodePin(this.path, protocols, { keylog, engines });
    const subjects = this.subjects(protocols, index);
    if (subjects === undefined) return;
    const analysis = await analyzeCapture(this.path, subjects, engines, {
      strict: false,
      keylog,
    });
    const found = numbersOf(decoded, analysis);
    this.options.seen?.(this.pin, { pdus: decoded.pdus, rules: new Set(found.findings.keys()) });
    this.judge(decoded, found, analysis);
    if (this.wrong.length > 0) this.detail.push(...this.commands(protocols, keylog));
  }

  /** Engines that the capture is for; who is left out is told. */
  private engines(): readonly Engine[] {
    const { engines } = this.context;
    const { requires } = this.pin;
    if (engines.length === 0) this.notes.push('Not cross-checked: there is no Wireshark in this run.');
    if (requires === null) return engines;
    const chosen = engines.filter(({ version }) => isInRange(version, requires));
    for (const { name, version } of engines.filter((engine) => !chosen.includes(engine))) {
      this.notes.push(`Not on ${name} ${version}: it requires tshark ${requires.text}.`);
    }
    return chosen;
  }

  /** Plugins are written where they can be looked at when something fails. */
  private subjects(protocols: readonly Protocol[], index: number): readonly Subject[] | undefined {
    const { suite, lua, generate, folder, engines } = this.context;
    const subjects: Subject[] = [];
    for (const protocol of protocols) {
      const path = join(folder, `capture-${index + 1}-${protocol.id}.lua`);
      if (engines.length > 0) {
        const text = protocol === suite.protocol ? lua : generate(protocol);
        if (text === undefined) {
          this.wrong.push(`No plugin can be generated from the spec of "${protocol.id}".`);
          return undefined;
        }
        writeFileSync(path, text);
      }
      subjects.push({ protocol, plugin: { path, protocol: protocol.filter } });
    }
    return subjects;
  }

  private judge(decoded: DecodedPin, found: PinnedNumbers, analysis: Analysis): void {
    const { pin } = this;
    this.data = { ...found, findings: Object.fromEntries(found.findings) };
    if (decoded.cut !== null) this.wrong.push(decoded.cut);
    const disagreement = judgeCrossCheck(analysis);
    this.wrong.push(...disagreement);
    // Where decoders disagree the verdict is open: the numbers would only repeat it.
    const numbers = disagreement.length > 0 ? [] : judgeNumbers(pin, found, analysis);
    this.wrong.push(...numbers);
    if (decoded.pdus.length === 0) (this.wrong.length > 0 ? this.wrong : this.notes).push(...decoded.reasons);
    if (numbers.length > 0) {
      const yaml = expectYaml(found, wronglyPinned(pin.expect, found));
      this.detail.push('If that is right, change the tests file:', ...yaml.map((line) => `  ${line}`));
    }
    if (pin.golden !== null) this.judgeGolden(pin.golden, decoded);
    this.suggest(found);
  }

  /** What could be pinned: always of a capture that pins nothing, else when it was asked for. */
  private suggest(found: PinnedNumbers): void {
    const { expect, golden } = this.pin;
    const keys = unpinned(expect);
    const pinsNothing = golden === null && keys.length === Object.keys(expect).length;
    if (this.wrong.length > 0 || keys.length === 0) return;
    if (!pinsNothing && this.options.suggest !== true) return;
    const what = pinsNothing ? 'Nothing is pinned of it; as it is now it would be:' : 'Not pinned yet:';
    this.detail.push(what, ...expectYaml(found, keys).map((line) => `  ${line}`));
  }

  private judgeGolden(golden: string, { lines }: DecodedPin): void {
    const { suite } = this.context;
    const path = besideTests(suite, golden);
    const update = `wiretwin test ${suite.source.name} --update`;
    if (!existsSync(path)) {
      this.wrong.push(`There is no golden "${path}" yet: ${update} writes it.`);
      return;
    }
    const differences = compareLines(goldenLines(readFileSync(path, 'utf8')), lines);
    if (differences.length === 0) return;
    this.wrong.push(...goldenTexts(differences, path), `If that is right: ${update}`);
  }

  /** What shows the same in a terminal. */
  private commands(protocols: readonly Protocol[], keylog: string | undefined): readonly string[] {
    const specs = protocols.flatMap(({ sources }) => sources[0]?.name ?? []);
    const tail = [
      ...specs.map((spec) => `--spec ${spec}`),
      ...(keylog === undefined ? [] : [`--keylog ${keylog}`]),
    ].join(' ');
    return [`wiretwin decode ${this.path} ${tail}`, `wiretwin analyze ${this.path} ${tail}`];
  }
}
