// How one talks to a directory product: a record of what it can do and a few numbers, never code that speaks to it.
// Names and constants of a product belong into a mapping file, value conversions into a transform.
import type { LdapEntry } from '../entry.ts';
import type { IndexSource } from './index-source.ts';
import type { Landmarks } from './landmarks.ts';

export interface Dialect {
  /** `openldap`, `generic`, ... for logs and for the mapping files' folder. */
  readonly name: string;
  readonly capabilities: DialectCapabilities;
  readonly codes: DialectCodes;
  /** What it holds is recognised by; absent: by what is usual. */
  readonly landmarks?: Landmarks;
  /** Absent: what is indexed cannot be asked. */
  readonly indexes?: IndexSource;
  /** Where the server keeps what RFC 3062 sets; absent where it is not to be tried out. */
  readonly passwordAttribute?: string;
  /** MUST attributes, in lower case, that the server gives a new entry by itself. */
  readonly givenToNew?: ReadonlySet<string>;
}

export interface DialectCapabilities {
  /** RFC 4528. */
  readonly assertion: boolean;
  /**
   * Wrap an assertion X as `(|(X)(!(entryUUID=<own>)))`: overlays run their internal operations with the client's
   * assertion still attached, and must find it true for other entries.
   */
  readonly wholeAssertionWrap: boolean;
  /** RFC 4527. */
  readonly preRead: boolean;
  readonly postRead: boolean;
  /** 1.3.6.1.4.1.4203.666.5.16 */
  readonly deref: boolean;
  /** The attribute whose value extended DNs tell of the entry that they name (1.2.840.113556.1.4.529); undefined without them. */
  readonly extendedDn: string | undefined;
  /** RFC 3876. */
  readonly matchedValues: boolean;
  /** RFC 2891. */
  readonly sort: boolean;
  /** A sort key needs its ordering rule by name where the attribute's schema has none. */
  readonly sortOrderingRule: boolean;
  readonly vlv: boolean;
  /** RFC 2696. */
  readonly pagedResults: boolean;
  /** Paged searches that one connection takes at a time. */
  readonly pagedSearchesPerConnection: number;
  /** 1.2.840.113556.1.4.1413 */
  readonly permissiveModify: boolean;
  /** RFC 4525. */
  readonly modifyIncrement: boolean;
  /** `(entryDN=...)` finds an entry (RFC 5020). */
  readonly matchEntryDn: boolean;
  /**
   * Attributes, in lower case, with the other side of each: what `member` of a group says, the server itself says in
   * `memberOf` of the member, at once and indexed.
   */
  readonly backLinks: ReadonlyMap<string, string>;
  /** Values that one modify or add may carry; more go in several. */
  readonly valuesPerWrite: number;
  /** `!` before a list is answered rightly wherever it stands in a filter; else negations go before single tests only. */
  readonly negatesLists: boolean;
  /** Composed and decomposed letters are equal (RFC 4518 s2.3); else a filter asks for both. */
  readonly preparesText: boolean;
  /** RFC 4532. */
  readonly whoAmI: boolean;
  /** Where one binds by the name of an account, too: the attributes that hold such names, and below what. */
  readonly accountNames: { readonly attributes: readonly string[]; readonly base: string } | undefined;
  /** RFC 3062. */
  readonly passwordModify: boolean;
  /** A group class with MUST `member` is held to it, so that an empty group needs a placeholder. */
  readonly refusesEmptyMemberList: boolean;
}

/** Result codes that mean more than their name says. */
export interface DialectCodes {
  /** Adding a value that is there. */
  readonly memberExists: readonly number[];
  /** Removing a value that is not there. */
  readonly memberMissing: readonly number[];
  /** An add or a rename to a long name: that the server cannot keep it. */
  readonly nameTooLong: readonly number[];
  /** An add or a move to where nothing is. */
  readonly placeMissing: readonly number[];
}

/** One product: how it is told from others, and what it is like. */
export interface DialectRecipe {
  readonly name: string;
  /** Whether the root DSE is this product's. */
  matches(rootDse: LdapEntry): boolean;
  /** `advertised` is what the root DSE promises; a recipe says what it knows better. */
  create(advertised: Dialect, rootDse: LdapEntry): Dialect;
}
