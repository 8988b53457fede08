// An entry that came from a directory. Values stay octets until somebody asks for text, so that a search that needs
// three attributes pays for three. Attribute names compare without case, whatever spelling the server used.

import { type LdapAttribute, toBytes } from './value.ts';

/** What was told about one DN-valued value along with it (draft-masarati-ldap-deref, or extended DNs of MS-ADTS). */
export interface DereferencedValue {
  readonly dn: string;
  /** The entry behind the DN with the attributes asked for; empty where it does not exist or may not be seen. */
  readonly entry: LdapEntry;
  /** Octets that name the entry for good, where extended DNs were asked for; its attributes are then not known. */
  readonly guid?: Buffer;
}

/** In the order of the attribute's values. Of very many each is decoded when it is asked for. */
export interface DereferencedValues extends Iterable<DereferencedValue> {
  readonly length: number;
}

const NONE: readonly Buffer[] = Object.freeze([]);

/** Names that were asked for, in lower case: they come from mapping files, a few dozen, and each entry is asked for all. */
const folded = new Map<string, string>();
const MOST_FOLDED = 1000;

function fold(name: string): string {
  const known = folded.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (folded.size < MOST_FOLDED) folded.set(name, lower);
  return lower;
}

export class LdapEntry {
  readonly dn: string;
  /** Values by attribute description in lower case (`usercertificate;binary`). */
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
  /** By attribute type in lower case, where the search asked for it. */
  readonly dereferenced: ReadonlyMap<string, DereferencedValues> | undefined;

  constructor(
    dn: string,
    attributes: ReadonlyMap<string, readonly Buffer[]>,
    dereferenced?: ReadonlyMap<string, DereferencedValues>,
  ) {
    this.dn = dn;
    this.attributes = attributes;
    this.dereferenced = dereferenced;
  }

  /** All values as octets; empty where the attribute is absent. */
  bytes(name: string): readonly Buffer[] {
    return this.attributes.get(fold(name)) ?? NONE;
  }

  /** All values as text; octets that are not UTF-8 become U+FFFD. */
  strings(name: string): string[] {
    return this.bytes(name).map((value) => value.toString('utf8'));
  }

  /** The first value as text. */
  first(name: string): string | undefined {
    return this.bytes(name)[0]?.toString('utf8');
  }

  has(name: string): boolean {
    return this.bytes(name).length > 0;
  }
}

/** The entry that an add makes, as far as the request says. */
export function entryOf({
  dn,
  attributes,
}: {
  readonly dn: string;
  readonly attributes: readonly LdapAttribute[];
}): LdapEntry {
  return new LdapEntry(dn, new Map(attributes.map(({ type, values }) => [type.toLowerCase(), values.map(toBytes)])));
}
