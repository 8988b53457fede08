// Attributes that must be unique (userName) where the directory does not see to it: an entry of the same name may live
// in another branch. Asked before the write; what the directory itself refuses comes back as 409 all the same.

import { and } from '../ldap/filter.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { readId } from '../mapping/plan-fetch.ts';
import { noReferences } from '../mapping/references.ts';
import { ScimError } from '../scim/error.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import { attributeKey } from '../scim/schema/schema.ts';
import { collect, type Run, searchesOf } from './run.ts';

/** Throws 409 where another resource of the type has the same value. `before` is the resource as it is, if there is one. */
export async function checkUnique(
  run: Run,
  mapping: ResourceMapping,
  resource: Resource,
  before?: { readonly id: string; readonly resource: Resource },
): Promise<void> {
  await Promise.all(
    mapping.mappers.map(async (mapper) => {
      const { attribute } = mapper.ref;
      if (attribute.uniqueness === 'none' || mapper.writes.length === 0) return;
      const value = getAttribute(resource, mapper.ref);
      if (typeof value !== 'string' || (before !== undefined && getAttribute(before.resource, mapper.ref) === value))
        return;
      const term = { kind: 'compare', operator: 'eq', value: { type: 'string', value } } as const;
      const filter = and(mapping.entry.filter, mapper.toFilter(term, noReferences).upper);
      const found = await collect(run, searchesOf(mapping, filter, [mapping.id.attribute], { sizeLimit: 2 }));
      if (found.some((entry) => readId(mapping, entry) !== before?.id))
        throw alreadyTaken(mapping, attributeKey(mapper.ref), value);
    }),
  );
}

function alreadyTaken(mapping: ResourceMapping, key: string, value: string): ScimError {
  return new ScimError(409, 'uniqueness', `Another ${mapping.type.name} has the ${key} ${JSON.stringify(value)}.`);
}
