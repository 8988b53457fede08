import { parseDn, type Rdn } from '../dn.ts';
import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import { toBytes } from '../value.ts';
import type { DirectoryState } from './directory-state.ts';
import type { StoredEntry } from './stored-entry.ts';
import { type AttributeDescription, valueKey } from './value-set.ts';

/** One attribute and value of an RDN that the schema knows. */
export interface NamingValue {
  readonly attribute: AttributeDescription;
  readonly key: string;
  readonly value: Buffer;
}

/** What an RDN says about its entry; undefined where the schema does not know one of its attribute types. */
export function findNamingValues(state: DirectoryState, rdn: Rdn): readonly NamingValue[] | undefined {
  const found: NamingValue[] = [];
  for (const part of rdn) {
    const attribute = state.describe(part.type);
    if (attribute === undefined) return undefined;
    const value = toBytes(part.value);
    found.push({ attribute, key: valueKey(attribute.type, value), value });
  }
  return found;
}

export function getNamingValues(state: DirectoryState, entry: StoredEntry): readonly NamingValue[] {
  return findNamingValues(state, parseDn(entry.rdn)[0] ?? []) ?? [];
}

/**
 * Holds an entry against the schema (RFC 4512 s2.4, s2.3.1) and notes its structural class. Throws `LdapError` with the
 * codes, and in the order, of OpenLDAP 2.5: SINGLE-VALUE 19, classes 65, another structural class 69, naming values 64,
 * missing attributes 65, attributes that no class allows 65.
 */
export function checkEntry(state: DirectoryState, entry: StoredEntry): void {
  for (const { attribute, size } of entry.attributes.values())
    if (attribute.type.singleValue && size > 1)
      throw new LdapError(resultCode.constraintViolation, `attribute '${attribute.name}' cannot have multiple values`);

  const rules = state.objectClasses.rules(entry.attributes.get('objectclass')?.values ?? []);
  const before = entry.structuralObjectClass;
  if (before !== '' && before !== rules.structural)
    throw new LdapError(
      resultCode.objectClassModsProhibited,
      `structural object class modification from '${before}' to '${rules.structural}' not allowed`,
    );
  for (const { attribute, key } of getNamingValues(state, entry)) {
    const set = entry.attributes.get(attribute.key);
    if (set === undefined) throw namingViolation(`naming attribute '${attribute.name}' is not present in entry`);
    if (!set.has(key)) throw namingViolation(`value of naming attribute '${attribute.name}' is not present in entry`);
  }
  for (const { attribute, name, objectClass } of rules.must)
    if (!hasAttribute(entry, attribute))
      throw new LdapError(
        resultCode.objectClassViolation,
        `object class '${objectClass}' requires attribute '${name}'`,
      );
  for (const { attribute } of entry.attributes.values())
    if (!rules.allows(attribute.type))
      throw new LdapError(resultCode.objectClassViolation, `attribute '${attribute.name}' not allowed`);
  entry.structuralObjectClass = rules.structural;
}

function hasAttribute(entry: StoredEntry, key: string): boolean {
  if (entry.attributes.has(key)) return true;
  // Rare: present with options only (`cn;lang-de`).
  for (const each of entry.attributes.keys()) if (each.startsWith(`${key};`)) return true;
  return false;
}

function namingViolation(text: string): LdapError {
  return new LdapError(resultCode.namingViolation, text);
}
