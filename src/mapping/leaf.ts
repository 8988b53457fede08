// A leaf is where one simple SCIM value meets one LDAP attribute: reading and writing of it. Mappers are made of leaves;
// what depends on matching rules is in `leaf-filter.ts`.
import { rdnValue } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { equalityKey } from '../ldap/matching-rules.ts';
import type { AttributeType } from '../ldap/subschema/subschema.ts';
import { type LdapValue, octetKey, toBytes } from '../ldap/value.ts';
import { equalJson } from '../scim/equal-resources.ts';
import { badRequest } from '../scim/error.ts';
import type { JsonValue } from '../scim/json.ts';
import type { SchemaAttribute } from '../scim/schema/schema.ts';
import type { Transform } from './transforms/transform.ts';

export interface Leaf {
  readonly definition: SchemaAttribute;
  /** LDAP attribute description as the directory names it. */
  readonly attribute: string;
  readonly transform: Transform;
  /** Of the directory's schema, where that knows the attribute. */
  readonly type: AttributeType | undefined;
  /** No entry holds more than one value. */
  readonly singleValued: boolean;
  /** By its key in the mapping file; another slot of the same SCIM attribute may well be written. */
  readonly readOnly: boolean;
}

/** The value of a single-valued SCIM attribute: of several LDAP values the one in the RDN, else the first. */
export function readLeaf(leaf: Leaf, entry: LdapEntry, now: number): JsonValue | undefined {
  const values = entry.bytes(leaf.attribute);
  const named = values.length > 1 ? namingIndex(entry, leaf.attribute) : -1;
  return leaf.transform.toScim(named === -1 ? values : values.slice(named, named + 1), now);
}

/** Every LDAP value as a SCIM value of its own. */
export function readLeafValues(leaf: Leaf, entry: LdapEntry, now: number): JsonValue[] {
  const values = entry.bytes(leaf.attribute);
  const { list, toScim } = leaf.transform;
  return list === undefined ? values.flatMap((value) => toScim([value], now) ?? []) : [...list.toScim(values)];
}

/**
 * The LDAP values for a value as `readLeaf` gives it. With the present entry, values of it that SCIM does not show stay,
 * as long as the new one is the one that will be shown. Throws 400 invalidValue for what the attribute cannot hold.
 */
export function writeLeaf(
  leaf: Leaf,
  value: JsonValue | undefined,
  now: number,
  entry?: LdapEntry,
): readonly LdapValue[] {
  const { toScim, toLdap, unassigned = [] } = leaf.transform;
  const held = entry?.bytes(leaf.attribute) ?? [];
  const written = value !== undefined ? toLdap(value, now, held) : held.length > 0 ? unassigned : [];
  if (entry === undefined || leaf.singleValued) return written;
  const hidden = hiddenValues(leaf, entry, now);
  const shown = toScim(written.map(toBytes), now);
  for (const kept of [hidden, hidden.filter((each) => toScim([each], now) === undefined)]) {
    const all = [...written, ...kept.filter((each) => !written.some((other) => toBytes(other).equals(each)))];
    if (equalJson(toScim(all.map(toBytes), now), shown)) return all;
  }
  return written;
}

/**
 * As `writeLeaf` for values as `readLeafValues` gives them; with the entry, those that SCIM cannot read stay. Order means
 * nothing but to a transform of lists; the entry's own is kept.
 */
export function writeLeafValues(
  leaf: Leaf,
  values: readonly JsonValue[],
  now: number,
  entry?: LdapEntry,
): readonly LdapValue[] {
  const { list, toLdap } = leaf.transform;
  const written = distinctValues(leaf, list?.toLdap(values) ?? values.flatMap((value) => toLdap(value, now)));
  if (entry === undefined) return written;
  const present = entry.bytes(leaf.attribute);
  const unreadable = present.filter((value) => leaf.transform.toScim([value], now) === undefined);
  const places = new Map(present.map((value, place) => [octetKey(value), place]));
  const placeOf = (value: LdapValue): number => places.get(octetKey(value)) ?? present.length;
  return [...written, ...unreadable].sort((a, b) => placeOf(a) - placeOf(b));
}

/** What the directory holds to be one value once, where SCIM does too: telephone numbers with and without hyphens. */
function distinctValues({ type, definition }: Leaf, values: readonly LdapValue[]): readonly LdapValue[] {
  const distinct = new Map<string, LdapValue>();
  for (const value of values) {
    const key = equalityKey(type?.equality, value);
    const same = distinct.get(key);
    if (same === undefined) distinct.set(key, value);
    else if (definition.caseExact && !toBytes(same).equals(toBytes(value))) {
      const texts = [same, value].map((each) => JSON.stringify(toBytes(each).toString('utf8')));
      throw badRequest('invalidValue', `The directory cannot tell ${texts.join(' and ')} apart; give one of them.`);
    }
  }
  return [...distinct.values()];
}

/** What a default of the leaf's is adjusted by. */
export function adjustmentOf({ transform: { adjust } }: Leaf): {
  readonly adjust?: (text: string) => string | undefined;
} {
  return adjust === undefined ? {} : { adjust };
}

function hiddenValues({ attribute, transform }: Leaf, entry: LdapEntry, now: number): readonly Buffer[] {
  const values = entry.bytes(attribute);
  if (values.length < 2) return [];
  const all = transform.toScim(values, now);
  const named = namingIndex(entry, attribute);
  const shown = named === -1 ? values.findIndex((value) => equalJson(transform.toScim([value], now), all)) : named;
  return values.filter((_value, index) => index !== shown);
}

/** Which value of the attribute names the entry; -1 where none does. */
export function namingIndex(entry: LdapEntry, attribute: string): number {
  const naming = rdnValue(entry.dn, attribute);
  if (naming === undefined) return -1;
  const texts = entry.strings(attribute);
  const exact = texts.indexOf(naming);
  // The DN may be spelled otherwise than the attribute.
  return exact === -1 ? texts.findIndex((text) => text.toLowerCase() === naming.toLowerCase()) : exact;
}
