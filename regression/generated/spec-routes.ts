import type { Content, Field, Protocol, TypeId } from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import { type Arm, type Choice, FALLBACK, membersOf, type StructChoice } from './choice.ts';

/** From one object to one inside it: the field, and the arms of its switch, the outermost first. */
export interface RouteStep {
  readonly from: TypeId;
  readonly field: Field;
  readonly arms: readonly Arm[];
}
export type Route = readonly RouteStep[];

/** A content that a field can have, with the arms that lead to it. */
export interface Reachable {
  readonly content: Content;
  readonly arms: readonly Arm[];
}

/** The shortest way from a PDU to an object of each type that PDUs can have. */
export function routesOf(protocol: Protocol): ReadonlyMap<TypeId, Route> {
  const routes = new Map<TypeId, Route>([[protocol.root, []]]);
  // Each type is taken up once.
  for (const [type, route] of routes) {
    for (const field of membersOf(protocol, type)) {
      for (const { content, arms } of contentsOf(field.content)) {
        if (content.kind !== 'struct' || routes.has(content.type)) continue;
        routes.set(content.type, [...route, { from: type, field, arms }]);
      }
    }
  }
  return routes;
}

/** What a switch can come to, however it is nested in others; what is no switch, itself. */
export function contentsOf(content: Content | null, arms: readonly Arm[] = []): readonly Reachable[] {
  if (content === null) return [];
  if (content.kind !== 'switch') return [{ content, arms }];
  return [
    ...content.arms.flatMap((arm, index) => contentsOf(arm.content, [...arms, index])),
    ...contentsOf(content.fallback, [...arms, FALLBACK]),
  ];
}

/** The path of the object that a route leads to; of repeated ones the first. */
export function stepsOf(route: Route): readonly PathStep[] {
  return route.flatMap(({ field }) => (field.repeat.kind === 'once' ? [field.id] : [field.id, 0]));
}

/** The choice for a whole PDU with this one at the end of the route. `around`: what else each object on the way has. */
export function alongRoute(
  route: Route,
  choice: StructChoice,
  around: (type: TypeId) => StructChoice['members'],
): StructChoice {
  return [...route].reverse().reduce<StructChoice>(
    (inner, { from, field, arms }) => ({
      kind: 'struct',
      type: from,
      members: { ...around(from), [field.id]: inField(field, inArms(arms, inner)) },
    }),
    choice,
  );
}

export function inField({ repeat }: Field, choice: Choice): Choice {
  return repeat.kind === 'once' ? choice : { kind: 'list', items: [choice] };
}

export function inArms(arms: readonly Arm[], content: Choice): Choice {
  return [...arms].reverse().reduce<Choice>((inner, arm) => ({ kind: 'arm', arm, content: inner }), content);
}
