// Small statistics over entries: what most of them have in common.
import { childDn, dnKey, firstRdn, isWithin, parentDn, parseDn } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';

export interface Share<T> {
  readonly value: T;
  readonly count: number;
}

/** The most frequent first. Texts are the same in any letter case; the spelling is that of the first. */
export function frequencies(texts: Iterable<string>): readonly Share<string>[] {
  const counts = new Map<string, { value: string; count: number }>();
  for (const text of texts) {
    const known = counts.get(text.toLowerCase());
    if (known === undefined) counts.set(text.toLowerCase(), { value: text, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
}

/** How many of the entries have the attribute. */
export function countWith(entries: readonly LdapEntry[], attribute: string): number {
  return entries.filter((entry) => entry.has(attribute)).length;
}

/** Classes that at least nine of ten have, in the order in which the first of them has them. */
export function commonClasses(entries: readonly LdapEntry[]): readonly string[] {
  return frequencies(entries.flatMap((entry) => entry.strings('objectClass')))
    .filter(({ count }) => count >= entries.length * MOST)
    .map(({ value }) => value);
}

/** Nearly all: a few are always different. */
export const MOST = 0.9;

/** The lowest DN below which nearly all of the entries are, and the DNs outside of it. */
export function commonBase(dns: readonly string[]): { readonly base: string; readonly outside: readonly string[] } {
  const counts = new Map<string, { dn: string; count: number; depth: number }>();
  for (const dn of dns) {
    for (let above = parentDn(dn); above !== ''; above = parentDn(above)) {
      const key = dnKey(above);
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { dn: above, count: 1, depth: parseDn(above).length });
      else known.count += 1;
    }
  }
  const enough = [...counts.values()].filter(({ count }) => count >= dns.length * MOST);
  const base = enough.toSorted((a, b) => b.depth - a.depth)[0]?.dn ?? '';
  return { base, outside: base === '' ? [] : dns.filter((dn) => !isWithin(dn, base, 'subtree')) };
}

/** DNs right below which entries are, the most frequent first. */
export function parents(dns: readonly string[]): readonly Share<string>[] {
  return frequencies(dns.map(parentDn));
}

/** The attributes that name entries, as in the first RDN. */
export function namingAttributes(dns: readonly string[]): readonly Share<string>[] {
  return frequencies(dns.map((dn) => parseDn(childDn(firstRdn(dn), ''))[0]?.[0]?.type ?? ''));
}
