// The mapping file as data, after `extends` and variables (docs/mapping.md). `mappings/mapping.schema.json` says the same
// for editors and does the checking; these types are what the compiler reads.
import type { JsonValue } from '../../scim/json.ts';
import type { Mutability, Returned, Uniqueness } from '../../scim/schema/schema.ts';
import type { Problem } from '../../util/problem.ts';

export interface MappingFile {
  readonly name?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Own schemas, by URN, in the JSON of RFC 7643 s7; missing characteristics take the RFC's defaults. */
  readonly schemas?: Readonly<Record<string, SchemaDefinition>>;
  readonly resourceTypes: Readonly<Record<string, ResourceTypeDefinition>>;
}

export interface SchemaDefinition {
  readonly name?: string;
  readonly description?: string;
  readonly attributes: readonly AttributeDefinition[];
}

export interface AttributeDefinition {
  readonly name: string;
  readonly type?: string;
  readonly multiValued?: boolean;
  readonly description?: string;
  readonly required?: boolean;
  readonly canonicalValues?: readonly string[];
  readonly caseExact?: boolean;
  readonly mutability?: Mutability;
  readonly returned?: Returned;
  readonly uniqueness?: Uniqueness;
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeDefinition[];
}

export interface ResourceTypeDefinition {
  readonly endpoint: string;
  readonly description?: string;
  /** URN: one of RFC 7643 or of `schemas`. */
  readonly schema: string;
  readonly extensions?: readonly (string | { readonly schema: string; readonly required?: boolean })[];
  readonly entry: EntryDefinition;
  /** What a DELETE does; a text is short for `{ policy: ... }`. */
  readonly delete?: DeleteDefinition['policy'] | DeleteDefinition;
  /** By SCIM attribute path; a string is short for `{ attribute: ... }`. `enterprise:` is short for the enterprise URN. */
  readonly attributes: Readonly<Record<string, AttributeMapping>>;
}

export interface DeleteDefinition {
  readonly policy: 'delete' | 'disable' | 'move' | 'disableAndHide' | 'refuse';
  /** DN right below which the entry goes; with `move` and `disableAndHide`. */
  readonly container?: string;
  /** Whether others go on to refer to the entry. */
  readonly references?: 'remove' | 'keep';
}

export interface EntryDefinition {
  /** Where entries of the type live; new ones go below the first, or below `createBase`. */
  readonly base: string | readonly string[];
  readonly createBase?: string;
  /** Where they go by a value: SCIM path, and DN by value (as text). Another value moves the entry. */
  readonly placement?: { readonly by: string; readonly places: Readonly<Record<string, string>> };
  readonly scope?: 'one' | 'subtree';
  /** Subtrees below a base whose entries are not of the type. */
  readonly exclude?: string | readonly string[];
  /** Every entry of the type matches it (RFC 4515). */
  readonly filter: string;
  /** Given to new entries. */
  readonly objectClasses: readonly string[];
  /** Added to an entry when an attribute that needs them is first written. */
  readonly auxiliaryClasses?: readonly string[];
  /** Attribute that names a new entry; the SCIM attribute mapped to it renames. */
  readonly rdn: string;
  /** LDAP attributes of a new entry that no SCIM attribute holds: templates over SCIM paths, or a counter. */
  readonly defaults?: Readonly<Record<string, string | readonly string[] | CounterDefinition>>;
  /** Those of `defaults` whose values change with what they are made of. */
  readonly follow?: readonly string[];
}

/** A number taken from a counter entry by modify-increment (RFC 4525) with pre-read: no two creates get the same. */
export interface CounterDefinition {
  readonly counter: { readonly entry: string; readonly attribute: string };
}

export type AttributeMapping = string | AttributeMappingObject;

export interface AttributeMappingObject {
  /** LDAP attribute description. */
  readonly attribute?: string;
  /** Name of a value conversion; options stand beside it in `options`. */
  readonly transform?: string;
  readonly options?: Readonly<Record<string, JsonValue>>;
  /** SCIM value (as text) -> LDAP value. */
  readonly values?: Readonly<Record<string, string>>;
  /** SCIM value where the entry has none of the listed LDAP values; with `values` alone. */
  readonly otherwise?: JsonValue;
  /** Always this SCIM value; not stored. */
  readonly constant?: JsonValue;
  /** Template over SCIM paths: the value where a create or replace gives none. */
  readonly default?: string;
  /** The value changes with what `default` is made of. */
  readonly follow?: boolean;
  /** Template over SCIM paths: computed on reading, never stored. */
  readonly template?: string;
  /** Resource type or types that the values point to. */
  readonly reference?: string | readonly string[];
  /** What the LDAP attribute holds of the target: its DN, or the value of an attribute such as `uid`. */
  readonly by?: string;
  /** DN that stands in an otherwise empty group; never shown. */
  readonly placeholder?: string;
  /** `Group.members`: the resources whose attribute points here; or several such. */
  readonly backlink?: string | readonly (string | BacklinkDefinition)[];
  /** Those, too, whose attribute points to one of these. */
  readonly nested?: boolean;
  /** How a password is written. */
  readonly write?: 'passwordModify' | 'attribute' | 'quotedUtf16';
  /** A create that gives no password gets one that nobody knows. */
  readonly generate?: boolean;
  /** LDAP attributes and the values that they get with each new password. */
  readonly with?: Readonly<Record<string, string | readonly string[]>>;
  /** Values of this slot are the primary ones. */
  readonly primary?: boolean;
  /** The LDAP attribute holds one value at most, though its schema would allow more. */
  readonly singleValued?: boolean;
  readonly access?: 'readWrite' | 'readOnly' | 'writeOnce' | 'writeOnly';
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly returned?: Returned;
  readonly uniqueness?: Uniqueness;
  readonly description?: string;
}

/** Resources that this one names by a value of its own, as a user names its primary group. */
export interface BacklinkDefinition {
  readonly type: string;
  /** LDAP attribute of theirs. */
  readonly attribute: string;
  /** LDAP attribute of this one that holds the same value, or what the transform makes of it. */
  readonly by: string;
  readonly transform?: string;
  readonly options?: Readonly<Record<string, JsonValue>>;
}

/** Finds the place of a key path in the files that were merged: the last file that set it wins. */
export interface MappingSource {
  locate(path: readonly string[]): { readonly file: string; readonly line: number; readonly column: number };
}

export interface LoadedMapping {
  readonly file: MappingFile;
  readonly source: MappingSource;
}

export type LoadMappingResult =
  | { readonly mapping: LoadedMapping; readonly problems: readonly Problem[] }
  /** `draft`: what can be looked at further all the same, so that a person learns of every problem at once. */
  | { readonly mapping: undefined; readonly draft?: LoadedMapping; readonly problems: readonly Problem[] };
