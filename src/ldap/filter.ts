// LDAP filters as objects (RFC 4511 s4.5.1.7). From a client's value to the wire a filter is never a string, so nothing
// needs escaping; text is for mapping files (`parse-filter.ts`) and for people (`printLdapFilter`).
import { type LdapValue, toBytes } from './value.ts';

export type LdapFilter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly LdapFilter[] }
  | { readonly kind: 'not'; readonly filter: LdapFilter }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';
      readonly attribute: string;
      readonly value: LdapValue;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial?: LdapValue;
      readonly any: readonly LdapValue[];
      readonly final?: LdapValue;
    }
  | {
      readonly kind: 'extensible';
      readonly rule?: string;
      readonly attribute?: string;
      readonly value: LdapValue;
      readonly dnAttributes: boolean;
    };

/** What is said of a single value, without and, or, not: an item of RFC 3876. */
export type LdapTest = Exclude<LdapFilter, { readonly kind: 'and' | 'or' | 'not' }>;

type Substrings = Extract<LdapFilter, { kind: 'substrings' }>;

/** The absolute filters of RFC 4526: `(&)` is true and `(|)` is false for every entry. */
export const matchAll: LdapFilter = Object.freeze({ kind: 'and', filters: Object.freeze([]) });
export const matchNone: LdapFilter = Object.freeze({ kind: 'or', filters: Object.freeze([]) });

export function isMatchAll(filter: LdapFilter): boolean {
  return filter.kind === 'and' && filter.filters.length === 0;
}

export function isMatchNone(filter: LdapFilter): boolean {
  return filter.kind === 'or' && filter.filters.length === 0;
}

/** All of them; nested conjunctions are merged and constants folded (sound for Undefined too: `false and ?` is false). */
export function and(...filters: readonly LdapFilter[]): LdapFilter {
  return combine('and', filters, isMatchNone, matchNone);
}

/** Any of them; nested disjunctions are merged and constants folded. */
export function or(...filters: readonly LdapFilter[]): LdapFilter {
  return combine('or', filters, isMatchAll, matchAll);
}

export function not(filter: LdapFilter): LdapFilter {
  if (filter.kind === 'not') return filter.filter;
  if (isMatchAll(filter)) return matchNone;
  if (isMatchNone(filter)) return matchAll;
  return { kind: 'not', filter };
}

function combine(
  kind: 'and' | 'or',
  filters: readonly LdapFilter[],
  absorbs: (filter: LdapFilter) => boolean,
  absorbed: LdapFilter,
): LdapFilter {
  const flat: LdapFilter[] = [];
  for (const filter of filters) {
    if (absorbs(filter)) return absorbed;
    if (filter.kind === kind) for (const inner of filter.filters) flat.push(inner);
    else flat.push(filter);
  }
  const [only] = flat;
  if (only !== undefined && flat.length === 1) return only;
  if (only === undefined) return kind === 'and' ? matchAll : matchNone;
  return { kind, filters: flat };
}

export function present(attribute: string): LdapTest {
  return { kind: 'present', attribute };
}

export function equality(attribute: string, value: LdapValue): LdapTest {
  return { kind: 'equality', attribute, value };
}

export function greaterOrEqual(attribute: string, value: LdapValue): LdapFilter {
  return { kind: 'greaterOrEqual', attribute, value };
}

export function lessOrEqual(attribute: string, value: LdapValue): LdapFilter {
  return { kind: 'lessOrEqual', attribute, value };
}

/** Empty parts say nothing and are left out; with no part left it is a test of presence. */
export function substrings(
  attribute: string,
  parts: { readonly initial?: LdapValue; readonly any?: readonly LdapValue[]; readonly final?: LdapValue },
): LdapTest {
  const { initial, final } = parts;
  const any = (parts.any ?? []).filter((part) => part.length > 0);
  const filter: Substrings = {
    kind: 'substrings',
    attribute,
    ...(initial === undefined || initial.length === 0 ? {} : { initial }),
    any,
    ...(final === undefined || final.length === 0 ? {} : { final }),
  };
  const empty = filter.initial === undefined && filter.final === undefined && any.length === 0;
  return empty ? present(attribute) : filter;
}

/** Whether two filters have the same structure: names compare without case, values octet by octet, order counts. */
export function equalFilters(a: LdapFilter, b: LdapFilter): boolean {
  switch (a.kind) {
    case 'and':
    case 'or':
      return (
        b.kind === a.kind &&
        a.filters.length === b.filters.length &&
        a.filters.every((filter, index) => {
          const other = b.filters[index];
          return other !== undefined && equalFilters(filter, other);
        })
      );
    case 'not':
      return b.kind === 'not' && equalFilters(a.filter, b.filter);
    case 'present':
      return b.kind === 'present' && sameName(a.attribute, b.attribute);
    case 'equality':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approx':
      return b.kind === a.kind && sameName(a.attribute, b.attribute) && sameValue(a.value, b.value);
    case 'substrings':
      return (
        b.kind === 'substrings' &&
        sameName(a.attribute, b.attribute) &&
        sameValue(a.initial, b.initial) &&
        sameValue(a.final, b.final) &&
        a.any.length === b.any.length &&
        a.any.every((part, index) => sameValue(part, b.any[index]))
      );
    case 'extensible':
      return (
        b.kind === 'extensible' &&
        sameName(a.rule, b.rule) &&
        sameName(a.attribute, b.attribute) &&
        a.dnAttributes === b.dnAttributes &&
        sameValue(a.value, b.value)
      );
  }
}

function sameName(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase());
}

function sameValue(a: LdapValue | undefined, b: LdapValue | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && toBytes(a).equals(toBytes(b));
}

/** The same filter with every single test as `change` says it. */
export function mapTests(filter: LdapFilter, change: (test: LdapFilter) => LdapFilter): LdapFilter {
  switch (filter.kind) {
    case 'not':
      return not(mapTests(filter.filter, change));
    case 'and':
      return and(...filter.filters.map((part) => mapTests(part, change)));
    case 'or':
      return or(...filter.filters.map((part) => mapTests(part, change)));
    case 'present':
    case 'equality':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approx':
    case 'substrings':
    case 'extensible':
      return change(filter);
  }
}

/** The attribute descriptions that a filter tests, in lower case. */
export function filterAttributes(filter: LdapFilter): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (part: LdapFilter): void => {
    switch (part.kind) {
      case 'and':
      case 'or':
        part.filters.forEach(visit);
        return;
      case 'not':
        visit(part.filter);
        return;
      case 'present':
      case 'equality':
      case 'greaterOrEqual':
      case 'lessOrEqual':
      case 'approx':
      case 'substrings':
        names.add(part.attribute.toLowerCase());
        return;
      case 'extensible':
        if (part.attribute !== undefined) names.add(part.attribute.toLowerCase());
    }
  };
  visit(filter);
  return names;
}
