// LDAP operations as values (RFC 4511 s4). Plans are made of them, the client sends them, the log masks and prints
// them. DNs are text in the form of RFC 4514, made by `dn.ts` alone.
import type { LdapEntry } from './entry.ts';
import type { LdapFilter, LdapTest } from './filter.ts';
import type { LdapAttribute, LdapValue } from './value.ts';

export type SearchScope = 'base' | 'one' | 'subtree';

export interface SortKey {
  readonly attribute: string;
  readonly orderingRule?: string;
  readonly reverse?: boolean;
}

export type RequestControl =
  /** RFC 4528. Always critical: Samba 4.17 ignores a non-critical one and applies the change. */
  | { readonly kind: 'assertion'; readonly filter: LdapFilter }
  /** RFC 4527. */
  | { readonly kind: 'preRead' | 'postRead'; readonly attributes: readonly string[] }
  /** 1.3.6.1.4.1.4203.666.5.16 */
  | { readonly kind: 'deref'; readonly items: readonly { attribute: string; attributes: readonly string[] }[] }
  /** 1.2.840.113556.1.4.529: values that are DNs come with a GUID, in `LdapEntry.dereferenced`. */
  | { readonly kind: 'extendedDn' }
  /** RFC 3876. Values come where one of these matches; of an attribute that none of them names, no value. */
  | { readonly kind: 'matchedValues'; readonly tests: readonly LdapTest[] }
  /** RFC 2891. */
  | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
  /** draft-ietf-ldapext-ldapv3-vlv; `offset` is 1-based. */
  | {
      readonly kind: 'vlv';
      readonly before: number;
      readonly after: number;
      readonly offset: number;
      readonly contentCount: number;
    }
  /** RFC 2696. Callers set `SearchRequest.pageSize` instead: the client then follows the cookie. */
  | { readonly kind: 'pagedResults'; readonly size: number; readonly cookie: Uint8Array }
  /** 1.2.840.113556.1.4.1413 */
  | { readonly kind: 'permissiveModify' }
  /** RFC 3296 manageDsaIT. */
  | { readonly kind: 'manageDsaIt' };

export interface ResponseControls {
  readonly preRead?: LdapEntry;
  readonly postRead?: LdapEntry;
  readonly pagedResults?: { readonly size: number; readonly cookie: Buffer };
  /** Result code of the server-side sort (RFC 2891). */
  readonly sort?: { readonly code: number; readonly attribute?: string };
  readonly vlv?: { readonly position: number; readonly contentCount: number; readonly code: number };
}

export interface SearchRequest {
  readonly base: string;
  readonly scope: SearchScope;
  readonly filter: LdapFilter;
  /** Attributes to return; `1.1` alone for none (RFC 4511 s4.5.1.8). Never empty. */
  readonly attributes: readonly string[];
  /** Entries at most; 0 or absent is no limit of ours. */
  readonly sizeLimit?: number;
  /** Fetch by simple paged results of this size, cookie by cookie (RFC 2696). */
  readonly pageSize?: number;
  readonly typesOnly?: boolean;
  readonly controls?: readonly RequestControl[];
}

export interface AddRequest {
  readonly dn: string;
  readonly attributes: readonly LdapAttribute[];
  readonly controls?: readonly RequestControl[];
}

export interface Modification {
  readonly operation: 'add' | 'delete' | 'replace' | 'increment';
  readonly attribute: string;
  readonly values: readonly LdapValue[];
}

export interface ModifyRequest {
  readonly dn: string;
  readonly modifications: readonly Modification[];
  readonly controls?: readonly RequestControl[];
}

export interface ModifyDnRequest {
  readonly dn: string;
  readonly newRdn: string;
  readonly deleteOldRdn: boolean;
  readonly newSuperior?: string;
  readonly controls?: readonly RequestControl[];
}

export interface DeleteRequest {
  readonly dn: string;
  readonly controls?: readonly RequestControl[];
}

export interface CompareRequest {
  readonly dn: string;
  readonly attribute: string;
  readonly value: LdapValue;
}

/** RFC 3062. */
export interface PasswordModifyRequest {
  readonly userIdentity: string;
  readonly oldPassword?: string;
  /** Absent: the server makes one and returns it. */
  readonly newPassword?: string;
}

/** What a successful operation came back with. */
export interface LdapResult {
  readonly code: number;
  readonly controls: ResponseControls;
}

export interface SearchResult extends LdapResult {
  /** Continuation references (RFC 4511 s4.5.3), never followed. */
  readonly references: readonly string[];
}
