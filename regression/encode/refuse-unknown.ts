import { didYouMean } from '../../spec/index.ts';
import type { Built } from './built.ts';
import { EncodeError } from './encode-error.ts';

/** Refuses what is given under names that nothing is written by. */
export function refuseUnknown({ type, given, steps }: Built): void {
  const written = [
    ...type.fields.map(({ id }) => id),
    ...type.instances.filter(({ kind }) => kind === 'parse').map(({ id }) => id),
  ];
  for (const id of Object.keys(given)) {
    if (written.includes(id)) continue;
    throw new EncodeError([...steps, id], reason(id, written, type));
  }
}

function reason(id: string, written: readonly string[], { instances, params, path }: Built['type']): string {
  if (instances.some((instance) => instance.id === id))
    return 'is computed and no field that is written; give the fields that decide it';
  if (params.some((param) => param.id === id))
    return 'is a param and no field that is written; it is given under "params", or where the type is used';
  const meant = didYouMean(id, written);
  if (meant !== undefined) return `is no field that is written; did you mean "${meant}"?`;
  const names = written.length === 0 ? 'it has none' : `they are ${written.join(', ')}`;
  return `is no field that is written of "${path.join('::')}"; ${names}`;
}
