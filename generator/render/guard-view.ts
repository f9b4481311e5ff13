/**
 * A view that throws when a template asks for a member it does not have. Handlebars' own strict mode lets a
 * misspelt `{{#each}}` or `{{#if}}` render nothing.
 */
export function guardView<T extends object>(view: T, path = 'view'): T {
  return new Proxy(view, {
    get(target, key, receiver): unknown {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || INHERITED.has(key)) return value;
      if (value === undefined && !(key in target))
        throw new Error(`[compiler bug] ${path} has no member "${key}"`);
      return typeof value === 'object' && value !== null ? guardView(value, `${path}.${key}`) : value;
    },
  });
}

/** What Handlebars itself asks every object for. */
const INHERITED = new Set(['toHTML', 'then', 'constructor']);
