// What an entry is as the target of a reference: of which resource type, and with what for clients.
import type { LdapEntry } from '../ldap/entry.ts';
import { and, type LdapFilter } from '../ldap/filter.ts';
import { matches } from '../ldap/match-filter.ts';
import type { RequestControl } from '../ldap/operations.ts';
import { getResourceMapping, type ResourceMapping } from '../mapping/mapping.ts';
import { locationOf, readId } from '../mapping/plan-fetch.ts';
import { isInReach, isOfType } from '../mapping/reach.ts';
import type { ReferenceTarget } from '../mapping/references.ts';
import { findEntries, type Run } from './run.ts';

/** Alternatives in one disjunction. */
const BATCH = 100;

export function inBatches<T>(items: readonly T[], most = BATCH): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; start += most) batches.push(items.slice(start, start + most));
  return batches;
}

/** The resource type, of those named, that the entry belongs to. */
export function classify(run: Run, entry: LdapEntry, types: readonly string[]): ResourceMapping | undefined {
  for (const type of types) {
    const mapping = getResourceMapping(run.compiled, type);
    const { entry: rules } = mapping;
    if (!isInReach(rules, entry.dn) || !matches(rules.filter, entry, run.compiled.subschema)) continue;
    if (isOfType(rules, entry)) return mapping;
  }
  return undefined;
}

/** Undefined for an entry without an id, which is no resource. */
export function toTarget(run: Run, mapping: ResourceMapping, entry: LdapEntry): ReferenceTarget | undefined {
  const id = readId(mapping, entry);
  if (id === undefined) return undefined;
  const display = mapping.display.map((name) => entry.first(name)).find((text) => text !== undefined);
  const location = locationOf(mapping, id, run.context.baseUrl);
  return { type: mapping.type.name, id, dn: entry.dn, location, entry, ...(display === undefined ? {} : { display }) };
}

/** The resources of a type whose entries match one of the filters; where several match one, it comes as often. */
export async function findTargets(
  run: Run,
  type: string,
  filters: readonly LdapFilter[],
  attributes: readonly string[],
  controls: readonly RequestControl[] = [],
): Promise<ReferenceTarget[]> {
  const mapping = getResourceMapping(run.compiled, type);
  const all = filters.map((filter) => and(mapping.entry.filter, filter));
  const found = await findEntries(run, mapping, all, attributes, { controls });
  return found.flatMap((entry) => toTarget(run, mapping, entry) ?? []);
}
