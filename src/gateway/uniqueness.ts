// Attributes that must be unique (userName) where the directory does not see to it: an entry of the same name may live
// in another branch. Asked before the write; what the directory itself refuses comes back as 409 all the same.

import { and } from '../ldap/filter.ts';
import { isExact } from '../mapping/bounds.ts';
import type { AttributeMapper } from '../mapping/mapper.ts';
import { getResourceMapping, type ResourceMapping } from '../mapping/mapping.ts';
import { planFetchOf, readId, toResource } from '../mapping/plan-fetch.ts';
import { isOfType } from '../mapping/reach.ts';
import { noReferences } from '../mapping/references.ts';
import { ScimError } from '../scim/error.ts';
import { evaluateFilter } from '../scim/filter/evaluate.ts';
import type { CompareValue } from '../scim/filter/filter.ts';
import { typeValue } from '../scim/filter/type-value.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import { attributeKey } from '../scim/schema/schema.ts';
import { LDAP_PAGE, type Run, searchesOf } from './run.ts';

/**
 * Throws 409 where another resource of the type has the same value. `before` is the resource as it is, if there is one.
 * Resources that the caller does not see count, too: nobody may give away a name twice.
 */
export async function checkUnique(
  run: Run,
  { type }: ResourceMapping,
  resource: Resource,
  before?: { readonly id: string; readonly resource: Resource },
): Promise<void> {
  const mapping = getResourceMapping(run.whole, type.name);
  await Promise.all(
    mapping.mappers.map(async (mapper) => {
      const { attribute } = mapper.ref;
      if (attribute.uniqueness === 'none' || mapper.writes.length === 0) return;
      const value = getAttribute(resource, mapper.ref);
      if (value === undefined || value === null || typeof value === 'object') return;
      if (before !== undefined && getAttribute(before.resource, mapper.ref) === value) return;
      const typed = typeValue(value, attribute);
      if ('expected' in typed) return;
      if (await isTaken(run, mapping, mapper, typed, before?.id)) {
        throw alreadyTaken(mapping, attributeKey(mapper.ref), value);
      }
    }),
  );
}

/** Whether a resource other than `id` has the value. Where LDAP cannot say so exactly, what it finds is looked at. */
async function isTaken(
  run: Run,
  mapping: ResourceMapping,
  mapper: AttributeMapper,
  value: CompareValue,
  id: string | undefined,
): Promise<boolean> {
  const term = { kind: 'compare', operator: 'eq', value } as const;
  const bounds = mapper.toFilter(term, noReferences);
  const plan = isExact(bounds) ? undefined : planFetchOf(mapping, [mapper]);
  const attributes = plan === undefined ? [mapping.id.attribute] : plan.attributes;
  const pageSize = run.dialect.capabilities.pagedResults ? { pageSize: LDAP_PAGE } : {};
  const extent = plan === undefined && mapping.entry.exclude.length === 0 ? { sizeLimit: 2 } : pageSize;
  for (const search of searchesOf(mapping, and(mapping.entry.filter, bounds.upper), attributes, extent)) {
    for await (const entry of run.directory.search(search, { signal: run.context.signal })) {
      if (readId(mapping, entry) === id || !isOfType(mapping.entry, entry)) continue;
      if (plan === undefined) return true;
      const other = toResource(mapping, entry, noReferences, plan.mappers, run.context.baseUrl);
      if (evaluateFilter({ ...term, ref: mapper.ref }, other)) return true;
    }
  }
  return false;
}

function alreadyTaken(mapping: ResourceMapping, key: string, value: string | number | boolean): ScimError {
  return new ScimError(409, 'uniqueness', `Another ${mapping.type.name} has the ${key} ${JSON.stringify(value)}.`);
}
