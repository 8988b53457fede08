// Filters without a negated list, for directories that answer `(|(!(|(a=1)(b=2)))(c=3))` wrongly.
import { and, type LdapFilter, not, or } from './filter.ts';

/** The same filter by De Morgan's laws, with `!` before single tests only; sound for Undefined too (RFC 4511 s4.5.1.7). */
export function pushNegations(filter: LdapFilter): LdapFilter {
  return push(filter, false);
}

function push(filter: LdapFilter, negated: boolean): LdapFilter {
  switch (filter.kind) {
    case 'not':
      return push(filter.filter, !negated);
    case 'and':
    case 'or': {
      const parts = filter.filters.map((part) => push(part, negated));
      return (filter.kind === 'and') === negated ? or(...parts) : and(...parts);
    }
    case 'present':
    case 'equality':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approx':
    case 'substrings':
    case 'extensible':
      return negated ? not(filter) : filter;
  }
}
