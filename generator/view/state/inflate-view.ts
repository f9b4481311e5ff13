import type { Expr } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import { luaBytes, luaKey, luaString } from '../../lua/lua-text.ts';
import type { CheckContext } from '../check/type-check.ts';
import { located } from '../view-context.ts';

/** Processes that inflate, and what is said when they cannot. */
export interface InflateView {
  readonly processes: readonly ProcessView[];
  /** Key of an expert, in quotes. */
  readonly unrecoverable: string;
}
interface ProcessView {
  readonly key: string;
  readonly append: string;
  /** "direction", "conversation" or false. */
  readonly window: string;
  readonly max: string;
  /** Functions of the message's first part, or nil. */
  readonly reset: string;
  readonly bits: string;
  /** Experts by what is wrong: members of a table. */
  readonly faults: string;
}

/** Named rules that begin so tell what is wrong with compressed data: `inflate-limit` is `limit` in Lua. */
const RULE_PREFIX = 'inflate-';

export function inflateView(context: CheckContext): InflateView | null {
  const { plan, experts, helpers } = context;
  const { protocol } = plan;
  if (protocol.processes.length === 0) return null;
  helpers.use('fault');
  helpers.use('value_or_unknown');
  const faults = protocol.rules
    .filter(({ scope, rule }) => scope === 'message' && rule.startsWith(RULE_PREFIX))
    .map((rule) => `${luaKey(rule.rule.slice(RULE_PREFIX.length))} = ${luaString(experts.rule(rule))}`);
  return {
    processes: protocol.processes.map((process) => ({
      key: luaKey(process.name),
      append: luaBytes(process.append),
      window: process.window === 'none' ? 'false' : luaString(process.window),
      max: String(process.maxOctets),
      reset: functionText(context, process.reset),
      bits: functionText(context, process.windowBits),
      faults: faults.join(', '),
    })),
    unrecoverable: experts.own('unrecoverable'),
  };
}

function functionText(context: CheckContext, expr: Expr | null): string {
  if (expr === null) return 'nil';
  const root = context.plan.type(context.plan.protocol.root);
  return located(context, root.span, 'nil', () => {
    const { text } = compileExpr(context, wholeObject('o', root.id), expr);
    return `function(o) return ${text} end`;
  });
}
