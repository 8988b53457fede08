// What LDAP can say of a SCIM filter, as two LDAP filters: `upper` matches every entry that the SCIM filter matches and
// perhaps more, `lower` matches only entries that it matches and perhaps fewer. Where both are the same the translation
// is exact; else the gateway searches by `upper` and evaluates the SCIM filter over what comes (the residual). Negation
// swaps the two, which is why one side alone would not do.
import { and, equalFilters, type LdapFilter, matchAll, matchNone, not, or } from '../ldap/filter.ts';

export interface FilterBounds {
  readonly upper: LdapFilter;
  readonly lower: LdapFilter;
}

export const always: FilterBounds = { upper: matchAll, lower: matchAll };
export const never: FilterBounds = { upper: matchNone, lower: matchNone };
/** LDAP cannot say anything: every entry is a candidate. */
export const unknown: FilterBounds = { upper: matchAll, lower: matchNone };

export function exactly(filter: LdapFilter): FilterBounds {
  return { upper: filter, lower: filter };
}

/** The SCIM filter matches none but these, and not all of them for certain. */
export function atMost(filter: LdapFilter): FilterBounds {
  return { upper: filter, lower: matchNone };
}

export function andBounds(bounds: readonly FilterBounds[]): FilterBounds {
  return { upper: and(...bounds.map((each) => each.upper)), lower: and(...bounds.map((each) => each.lower)) };
}

export function orBounds(bounds: readonly FilterBounds[]): FilterBounds {
  return { upper: or(...bounds.map((each) => each.upper)), lower: or(...bounds.map((each) => each.lower)) };
}

export function notBounds(bounds: FilterBounds): FilterBounds {
  return { upper: not(bounds.lower), lower: not(bounds.upper) };
}

export function isExact(bounds: FilterBounds): boolean {
  return bounds.upper === bounds.lower || equalFilters(bounds.upper, bounds.lower);
}
