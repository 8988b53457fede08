// The model of RFC 7643 s7: attributes with their characteristics, schemas, resource types. Pure data; discovery prints
// it, the parsers and the patch engine obey it, the mapping narrows it.

export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';
export type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
export type Returned = 'always' | 'never' | 'default' | 'request';
export type Uniqueness = 'none' | 'server' | 'global';

/** All characteristics are present: defaults of RFC 7643 s2.2 are filled in by `defineAttribute`. */
export interface SchemaAttribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly canonicalValues?: readonly string[];
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: Uniqueness;
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly SchemaAttribute[];
}

export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly SchemaAttribute[];
}

export interface SchemaExtension {
  readonly schema: Schema;
  readonly required: boolean;
}

export interface ResourceType {
  readonly name: string;
  readonly description: string;
  /** Begins with a slash: `/Users`. */
  readonly endpoint: string;
  readonly schema: Schema;
  readonly extensions: readonly SchemaExtension[];
}

/** A SCIM attribute of a resource type, found by a path; names are in the schema's spelling. */
export interface AttributeRef {
  /** URN of the schema that defines it; of the core schema for the common attributes of RFC 7643 s3.1. */
  readonly urn: string;
  readonly extension: boolean;
  readonly attribute: SchemaAttribute;
  readonly subAttribute?: SchemaAttribute;
}

/** `userName`, `name.givenName`, `urn:...:User:manager.value`: the path in the schema's own spelling. */
export function attributeKey(ref: AttributeRef): string {
  const name = ref.extension ? `${ref.urn}:${ref.attribute.name}` : ref.attribute.name;
  return ref.subAttribute === undefined ? name : `${name}.${ref.subAttribute.name}`;
}
