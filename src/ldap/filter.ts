// LDAP filters as objects (RFC 4511 s4.5.1.7). From a client's value to the wire a filter is never a string, so nothing
// needs escaping; text is for mapping files (`parse-filter.ts`) and for people (`printLdapFilter`).
import type { LdapValue } from './value.ts';

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
