// What the filter of a value path says about a value that does not exist yet: `[type eq "work"]` asks for one of type
// work (E34, E36). Entra builds users that way.
import { badRequest, type ScimError } from '../error.ts';
import type { CompareValue, ResolvedFilter } from '../filter/filter.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { PatchTarget } from './patch.ts';
import { targetKey } from './target-operations.ts';

/** The parts that `eq` terms joined by `and` name; undefined where the filter has other terms or contradicts itself. */
export function findImpliedParts(filter: ResolvedFilter): JsonObject | undefined {
  switch (filter.kind) {
    case 'compare': {
      const name = filter.ref.subAttribute?.name;
      if (filter.operator !== 'eq') return undefined;
      return name === undefined ? {} : { [name]: literalOf(filter.value) };
    }
    case 'and':
      return joinParts(filter.filters.map(findImpliedParts));
    case 'or':
    case 'not':
    case 'present':
    case 'valuePath':
    case 'never':
      return undefined;
  }
}

/** 400 noTarget: the value path matches nothing and nothing can be made of it. */
export function noMatch(target: PatchTarget): ScimError {
  return badRequest('noTarget', `${targetKey(target)}: no value matches the filter of the path.`);
}

function joinParts(terms: readonly (JsonObject | undefined)[]): JsonObject | undefined {
  let parts: JsonObject = {};
  for (const term of terms) {
    if (term === undefined) return undefined;
    const contradicts = Object.keys(term).some((name) => Object.hasOwn(parts, name) && parts[name] !== term[name]);
    if (contradicts) return undefined;
    parts = { ...parts, ...term };
  }
  return parts;
}

function literalOf(value: CompareValue): JsonValue {
  return value.type === 'dateTime' ? value.text : value.value;
}
