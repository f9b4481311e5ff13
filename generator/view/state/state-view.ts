import { luaMember } from '../../lua/lua-text.ts';
import type { CheckContext } from '../check/type-check.ts';
import { handsOver } from '../show/handover-view.ts';
import { changesView } from './change-view.ts';
import type { ChangesView } from './change-view.ts';
import { inflateView } from './inflate-view.ts';
import type { InflateView } from './inflate-view.ts';
import { messagesView } from './message-view.ts';
import type { MessagesView } from './message-view.ts';
import { isStateful, rootMembers } from './params.ts';
import { sessionView } from './session-view.ts';
import type { SessionView } from './session-view.ts';

/** What PDUs leave behind for those that follow them. */
export interface StateView {
  readonly conversation: {
    readonly session: SessionView;
    readonly holder: string | null;
  };
  readonly changes: ChangesView | null;
  readonly messages: MessagesView | null;
  readonly inflate: InflateView | null;
  readonly batch: BatchView;
}

interface BatchView {
  /** Key in `pinfo.private`. */
  readonly mark: string;
  readonly changes: boolean;
  readonly messages: boolean;
  /** There is a post-dissector, which knows more of a packet than its dissectors do. */
  readonly defers: boolean;
  readonly handsOver: boolean;
  readonly renew: {
    readonly members: string;
    readonly root: string;
    readonly usesRoot: boolean;
    readonly changes: boolean;
  };
}

export function stateView(context: CheckContext, has: { readonly upgrade: boolean }): StateView | null {
  const { protocol } = context.plan;
  if (!isStateful(protocol)) return null;
  const changes = changesView(context);
  const messages = messagesView(context);
  return {
    conversation: { session: sessionView(protocol), holder: messages?.holder ?? null },
    changes,
    messages,
    inflate: messages === null ? null : inflateView(context),
    batch: {
      mark: `${protocol.filter}_pdus`,
      changes: changes !== null,
      messages: messages !== null,
      defers: has.upgrade,
      handsOver: handsOver(context.plan),
      renew: {
        members: rootMembers(protocol, (id) => luaMember('old', id)),
        root: context.plan.names.type(protocol.root),
        usesRoot: context.plan.usesRoot(protocol.root),
        changes: changes !== null,
      },
    },
  };
}
