// Directories answer a disjunction in time that grows with the square of its length: OpenLDAP 2.5.13 takes 3 ms for 100
// alternatives on an indexed attribute and 16 s for 20,000. In pieces it is linear.
import { and, type LdapFilter, or } from './filter.ts';

/** Filters with at most `most` alternatives that match together what the one matches; an entry may match several. */
export function splitDisjunction(filter: LdapFilter, most: number): LdapFilter[] {
  if (filter.kind === 'or') return chunk(filter.filters, most).map((part) => or(...part));
  if (filter.kind !== 'and') return [filter];
  const long = filter.filters.find((each) => each.kind === 'or' && each.filters.length > most);
  if (long === undefined) return [filter];
  const rest = filter.filters.filter((each) => each !== long);
  return splitDisjunction(long, most).map((part) => and(...rest, part));
}

function chunk<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length <= size) return [items];
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
