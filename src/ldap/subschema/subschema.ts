// A directory's schema (RFC 4512 s4): attribute types with what they inherit filled in, and object classes. Read from the
// live subschema entry, or from the definitions of the standards (`standard.ts`) where there is no directory to ask.

export interface AttributeType {
  readonly oid: string;
  /** First is the one to show; every spelling finds it. */
  readonly names: readonly string[];
  readonly description?: string;
  readonly superior?: string;
  /** OID of the syntax (RFC 4517 s3.3), inherited where not its own. */
  readonly syntax: string;
  /** Upper bound in characters, where the definition gives one (`{64}`). Advisory (RFC 4512 s4.1.2). */
  readonly length?: number;
  /** Names or OIDs of matching rules as the schema gives them, inherited where not its own. */
  readonly equality?: string;
  readonly ordering?: string;
  readonly substrings?: string;
  /**
   * The directory publishes no rules and those here go with the syntax. Its own may hold more text to be equal: Windows
   * compares without accents and width.
   */
  readonly assumedRules?: true;
  readonly singleValue: boolean;
  readonly noUserModification: boolean;
  readonly usage: 'userApplications' | 'directoryOperation' | 'distributedOperation' | 'dSAOperation';
}

export interface ObjectClass {
  readonly oid: string;
  readonly names: readonly string[];
  readonly description?: string;
  readonly kind: 'abstract' | 'structural' | 'auxiliary';
  readonly superiors: readonly string[];
  /** Its own, without those of superiors. */
  readonly must: readonly string[];
  readonly may: readonly string[];
}

export interface Subschema {
  readonly attributeTypes: readonly AttributeType[];
  readonly objectClasses: readonly ObjectClass[];
  /** By name or OID in any letter case; attribute options (`;binary`) are ignored. */
  attributeType(name: string): AttributeType | undefined;
  objectClass(name: string): ObjectClass | undefined;
  /** MUST and MAY of the classes and all their superiors, as attribute types' first names in lower case. */
  allowed(objectClasses: readonly string[]): { readonly must: ReadonlySet<string>; readonly may: ReadonlySet<string> };
}
