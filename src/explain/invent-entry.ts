// Entries that nobody has: what a request needs to go on where no directory is asked. An invented entry is named after its
// id, has what makes it one of its type, and one made-up value of each reference; nothing else is known of it.
import { childDn, isWithin, rdnText, rdnValue } from '../ldap/dn.ts';
import { LdapEntry } from '../ldap/entry.ts';
import { filterAttributes, type LdapFilter } from '../ldap/filter.ts';
import { type LdapValue, toBytes } from '../ldap/value.ts';
import type { CompiledMapping, ResourceMapping } from '../mapping/mapping.ts';

/** The id of an entry of which nothing is known. */
export const anyId = '00000000-0000-0000-0000-000000000000';

/** `said` are values that the entry has for certain. Undefined where the text cannot be an id of the type. */
export function inventEntry(
  compiled: CompiledMapping,
  mapping: ResourceMapping,
  id: string,
  said: readonly (readonly [attribute: string, value: LdapValue])[] = [],
): LdapEntry | undefined {
  const assertion = mapping.id.transform.toAssertion?.({ type: 'string', value: id });
  if (assertion === undefined) return undefined;
  const { rdn, objectClasses, filter } = mapping.entry;
  const naming = nameOf(mapping, id);
  const references = mapping.mappers.flatMap(({ reference }) => {
    if (reference === undefined) return [];
    const target = compiled.resourceTypes.find(({ type }) => type.name === reference.types[0]);
    if (target === undefined) return [];
    const value = reference.by === undefined ? inventDn(target, anyId) : `${reference.by}-of-${anyId}`;
    return [[reference.attribute, value] as const];
  });
  const values: (readonly [string, LdapValue])[] = [
    ...objectClasses.map((name) => ['objectClass', name] as const),
    ...references,
    [rdn, naming],
    ...(mapping.version === undefined ? [] : [[mapping.version, '<version>'] as const]),
    ...equalities(filter),
    ...said,
    [mapping.id.attribute, assertion],
  ];
  const attributes = new Map<string, Buffer[]>();
  for (const [name, value] of values) {
    const key = name.toLowerCase();
    const octets = toBytes(value);
    const isKnown = (attributes.get(key) ?? []).some(
      (each) => each.toString().toLowerCase() === octets.toString().toLowerCase(),
    );
    // What is said for certain takes the place of what was made up, but for classes, which go together.
    if (key === 'objectclass' && !isKnown) attributes.set(key, [...(attributes.get(key) ?? []), octets]);
    else if (key !== 'objectclass') attributes.set(key, [octets]);
  }
  return new LdapEntry(inventDn(mapping, id), attributes);
}

/** Undefined for a DN that no type has. */
export function inventAt(compiled: CompiledMapping, dn: string): LdapEntry | undefined {
  for (const mapping of compiled.resourceTypes) {
    const { bases, scope, rdn } = mapping.entry;
    const name = rdnValue(dn, rdn);
    if (name === undefined || !bases.some((base) => isWithin(dn, base, scope))) continue;
    const id = /-of-(.+)$/.exec(name)?.[1] ?? anyId;
    const entry = inventEntry(compiled, mapping, id, [[rdn, name]]) ?? inventEntry(compiled, mapping, anyId);
    if (entry !== undefined) return new LdapEntry(dn, entry.attributes);
  }
  return undefined;
}

function inventDn(mapping: ResourceMapping, id: string): string {
  return childDn(rdnText(mapping.entry.rdn, nameOf(mapping, id)), mapping.placement.otherwise);
}

function nameOf({ entry }: ResourceMapping, id: string): string {
  return id === anyId ? `some-${entry.rdn}` : `${entry.rdn}-of-${id}`;
}

/** What an entry has that matches: the tests for equality that all have to hold. */
export function equalities(filter: LdapFilter): readonly (readonly [attribute: string, value: LdapValue])[] {
  if (filter.kind === 'equality') return [[filter.attribute, filter.value]];
  return filter.kind === 'and' ? filter.filters.flatMap(equalities) : [];
}

/** Whether an entry may match, as far as its type and its id tell. */
export function mayMatch(filter: LdapFilter, entry: LdapEntry, mapping: ResourceMapping): boolean {
  const telling = new Set(
    [mapping.id.attribute, ...filterAttributes(mapping.entry.filter)].map((name) => name.toLowerCase()),
  );
  const test = (each: LdapFilter): boolean => {
    switch (each.kind) {
      case 'and':
        return each.filters.every(test);
      case 'or':
        return each.filters.some(test);
      case 'equality': {
        const wanted = toBytes(each.value).toString('latin1').toLowerCase();
        const isHeld = (value: Buffer): boolean => value.toString('latin1').toLowerCase() === wanted;
        return !telling.has(each.attribute.toLowerCase()) || entry.bytes(each.attribute).some(isHeld);
      }
      case 'not':
      case 'present':
      case 'greaterOrEqual':
      case 'lessOrEqual':
      case 'approx':
      case 'substrings':
      case 'extensible':
        return true;
    }
  };
  return test(filter);
}
