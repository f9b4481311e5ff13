import type { Instance, ParseInstance } from '../../spec/index.ts';
import { MAX_VECTOR_OCTETS } from '../suite/octets.ts';
import type { Built } from './built.ts';
import { EncodeError, known } from './encode-error.ts';
import type { ObjectWriter } from './encode-object.ts';
import { OctetWriter } from './octet-writer.ts';
import type { Patch } from './patch.ts';
import type { Plan } from './plan.ts';

/** What is read at positions and was given, as octets to be put there: of all objects, those found on the way too. */
export interface Positioned {
  readonly patches: readonly Patch[];
  /** Instances whose place is not known in this pass; errors when nothing moves any more. */
  readonly lost: readonly EncodeError[];
}

export function writePositioned(writer: ObjectWriter, plan: Plan): Positioned {
  const patches: Patch[] = [];
  const lost: EncodeError[] = [];
  // Writing an instance may add objects; values are finite, so it ends.
  for (let next = 0; next < writer.objects.length; next += 1) {
    const object = writer.objects[next];
    for (const instance of object?.type.instances ?? []) {
      if (object === undefined || !isWritten(instance) || object.given[instance.id] === undefined) continue;
      const patch = patchOf(object, instance, { writer, plan });
      if (patch instanceof EncodeError) lost.push(patch);
      else if (patch !== undefined) patches.push(patch);
    }
  }
  return { patches, lost };
}

function isWritten(instance: Instance): instance is ParseInstance {
  return instance.kind === 'parse';
}

function patchOf(
  object: Built,
  instance: ParseInstance,
  { writer, plan }: { readonly writer: ObjectWriter; readonly plan: Plan },
): Patch | EncodeError | undefined {
  const steps = [...object.steps, instance.id];
  const stream = known(() => plan.streamOf({ object, field: instance, steps, index: undefined }));
  const at = stream === undefined ? undefined : positionOf(object, instance, { plan, stream, writer });
  if (object.given[instance.id] === null) {
    writer.member(object, instance, new OctetWriter());
    return undefined;
  }
  if (stream === undefined || at === undefined) return new EncodeError(steps, 'is at a position that is not known');
  if (at < 0n || at > BigInt(MAX_VECTOR_OCTETS))
    return new EncodeError(steps, `is at position ${at}, where no vector has octets`);
  const inner = new OctetWriter(Number(at));
  writer.member({ ...object, writer: inner, stream }, instance, inner);
  return { stream, at: Number(at), image: inner.image(), steps };
}

/** Without a position it is read where the sequence stands when it is over. */
function positionOf(
  object: Built,
  { pos }: ParseInstance,
  { plan, stream, writer }: { readonly plan: Plan; readonly stream: string; readonly writer: ObjectWriter },
): bigint | undefined {
  if (pos !== null) return known(() => plan.evaluator.int(pos, { self: object }));
  const end = writer.sizes.get(`seq ${stream}`);
  return end === undefined ? undefined : BigInt(end);
}
