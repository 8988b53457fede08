import type { Subschema } from '../subschema/subschema.ts';
import type { ChangeNumbers } from './change-numbers.ts';
import type { EntryStore } from './entry-store.ts';
import type { ObjectClasses } from './object-classes.ts';
import type { StoredEntry } from './stored-entry.ts';
import type { AttributeDescription, ValueSet } from './value-set.ts';

/** Who asks. The administrator is known by name and password alone, entry or not, like a rootdn of OpenLDAP. */
export interface Actor {
  readonly kind: 'anonymous' | 'user' | 'administrator';
  readonly dn: string;
}

export const anonymous: Actor = Object.freeze({ kind: 'anonymous', dn: '' });

/** Values of the attributes must differ below the base. */
export interface UniquenessRule {
  readonly base: string;
  readonly attribute: string;
}

/** What a directory gives at most, whoever asks; nothing is limited where absent. */
export interface DirectoryLimits {
  /** Entries of a search or of a page (MaxPageSize of Active Directory: 1,000). A search without pages ends with 4. */
  readonly entries?: number;
  /** Values of an attribute in one entry (MaxValRange: 1,500); the rest is to be asked for by ranges. */
  readonly values?: number;
}

/** What every operation works on. */
export interface DirectoryState {
  readonly suffix: string;
  readonly administrator: { readonly dn: string; readonly password: string };
  readonly subschema: Subschema;
  readonly store: EntryStore;
  readonly objectClasses: ObjectClasses;
  readonly changeNumbers: ChangeNumbers;
  readonly rootDse: StoredEntry;
  readonly subschemaEntry: StoredEntry;
  readonly unique: readonly UniquenessRule[];
  /** Whether references are kept whole after a delete or a rename. */
  readonly refint: boolean;
  /** Stands in a reference attribute whose last value went (OpenLDAP: refint_nothing). */
  readonly nobody: string;
  readonly limits: DirectoryLimits;
  /** Answer `memberOf` from the groups' `member`. */
  readonly memberOf: boolean;
  describe(attribute: string): AttributeDescription | undefined;
  /** An equal set of few values that another entry has already, or this one. */
  share(set: ValueSet): ValueSet;
}
