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
      const { patch, error } = patchOf(object, instance, { writer, plan });
      if (error !== undefined) lost.push(error);
      if (patch !== undefined) patches.push(patch);
    }
  }
  return { patches: [...writer.ends, ...patches], lost };
}

function isWritten(instance: Instance): instance is ParseInstance {
  return instance.kind === 'parse';
}

interface Found {
  readonly patch?: Patch;
  readonly error?: EncodeError;
}

function patchOf(
  object: Built,
  instance: ParseInstance,
  { writer, plan }: { readonly writer: ObjectWriter; readonly plan: Plan },
): Found {
  const steps = [...object.steps, instance.id];
  if (object.given[instance.id] === null) {
    writer.member(object, instance, new OctetWriter());
    return {};
  }
  const stream = known(() => plan.streamOf({ object, field: instance, steps, index: undefined }));
  const place = plan.place(object, instance);
  if (stream === undefined || place === undefined)
    return { error: new EncodeError(steps, 'is at a position that is not known') };
  const error = new EncodeError(steps, `is at position ${place}, where no vector has octets`);
  if (place > BigInt(MAX_VECTOR_OCTETS)) return { error };
  // So far from the end of a stream that is still too short: it grows by what stands at its beginning.
  const at = Math.max(Number(place), 0);
  const inner = new OctetWriter(at);
  writer.member({ ...object, writer: inner, stream }, instance, inner);
  return {
    patch: { stream, at, image: inner.image(), steps, kind: 'instance' },
    ...(place < 0n ? { error } : {}),
  };
}
