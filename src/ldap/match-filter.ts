// Evaluates filters over entries in memory, three-valued as RFC 4511 s4.5.1.7 has it: what a directory cannot decide is
// Undefined, and stays so under `not`. What it answers is what OpenLDAP 2.5 answers to the same filter.
import { parseDn, rdnValue } from './dn.ts';
import type { LdapEntry } from './entry.ts';
import type { LdapFilter } from './filter.ts';
import { compareOrdering, compileSubstrings, findEqualityKey, knowsEqualityRule } from './matching-rules.ts';
import type { AttributeType, Subschema } from './subschema/subschema.ts';
import { isLdapInteger } from './syntaxes/integer.ts';
import { type LdapValue, toBytes } from './value.ts';

/** True, false or (undefined) Undefined. */
export type EntryPredicate = (entry: LdapEntry) => boolean | undefined;

type ValuePredicate = (value: Buffer) => boolean | undefined;

/** `bitwise and`, `bitwise or` of Active Directory, which OpenLDAP 2.5 has too. */
const BIT_AND = new Set(['1.2.840.113556.1.4.803', 'integerbitandmatch']);
const BIT_OR = new Set(['1.2.840.113556.1.4.804', 'integerbitormatch']);

const compiled = new WeakMap<LdapFilter, { readonly subschema: Subschema; readonly predicate: EntryPredicate }>();
const withOptions = new WeakMap<LdapEntry, boolean>();
const families = new WeakMap<Subschema, Map<AttributeType, ReadonlySet<string>>>();

/** Whether an entry matches (RFC 4511 s4.5.1.7); undefined is the standard's Undefined. */
export function matchFilter(filter: LdapFilter, entry: LdapEntry, subschema: Subschema): boolean | undefined {
  const known = compiled.get(filter);
  if (known?.subschema === subschema) return known.predicate(entry);
  const predicate = compileFilter(filter, subschema);
  compiled.set(filter, { subschema, predicate });
  return predicate(entry);
}

/** Whether a search with this filter would return the entry: it would for true alone. */
export function matches(filter: LdapFilter, entry: LdapEntry, subschema: Subschema): boolean {
  return matchFilter(filter, entry, subschema) === true;
}

/** A filter made ready for many entries: names are looked up and assertion values prepared once. */
export function compileFilter(filter: LdapFilter, subschema: Subschema): EntryPredicate {
  switch (filter.kind) {
    case 'and':
      return combine(filter.filters, subschema, false);
    case 'or':
      return combine(filter.filters, subschema, true);
    case 'not': {
      const inner = compileFilter(filter.filter, subschema);
      return (entry) => {
        const result = inner(entry);
        return result === undefined ? undefined : !result;
      };
    }
    case 'present':
      return onValues(filter.attribute, subschema, () => () => true);
    case 'equality':
    case 'approx':
      return onValues(
        filter.attribute,
        subschema,
        (type) => compileCategory(type, filter.value) ?? compileEquality(type.equality, filter.value, subschema),
      );
    case 'greaterOrEqual':
    case 'lessOrEqual':
      return onValues(filter.attribute, subschema, ({ ordering }) =>
        compileOrdering(ordering, filter.value, filter.kind === 'greaterOrEqual'),
      );
    case 'substrings':
      return onValues(filter.attribute, subschema, ({ substrings }) =>
        substrings === undefined ? undefined : compileSubstrings(substrings, filter),
      );
    case 'extensible':
      return compileExtensible(filter, subschema);
  }
}

/** `or` where `decisive` is true, `and` where it is false: one decisive part decides, else one Undefined does. */
function combine(filters: readonly LdapFilter[], subschema: Subschema, decisive: boolean): EntryPredicate {
  const parts = filters.map((filter) => compileFilter(filter, subschema));
  return (entry) => {
    let result: boolean | undefined = !decisive;
    for (const part of parts) {
      const outcome = part(entry);
      if (outcome === decisive) return decisive;
      if (outcome === undefined) result = undefined;
    }
    return result;
  };
}

/** A test of the values of an attribute, its subtypes included; Undefined where there is no type or no test for it. */
function onValues(
  attribute: string,
  subschema: Subschema,
  compile: (type: AttributeType) => ValuePredicate | undefined,
): EntryPredicate {
  const type = subschema.attributeType(attribute);
  const test = type === undefined ? undefined : compile(type);
  if (type === undefined || test === undefined) return () => undefined;
  const names = familyOf(type, subschema);
  const options = attribute.toLowerCase().split(';').slice(1).filter(isTag);
  return (entry) => {
    let result: boolean | undefined = false;
    for (const values of describedValues(entry, names, options)) {
      for (const value of values) {
        const outcome = test(value);
        if (outcome) return true;
        if (outcome === undefined) result = undefined;
      }
    }
    return result;
  };
}

function describedValues(
  entry: LdapEntry,
  names: ReadonlySet<string>,
  options: readonly string[],
): (readonly Buffer[])[] {
  const found: (readonly Buffer[])[] = [];
  if (options.length === 0 && !hasOptions(entry)) {
    for (const name of names) {
      const values = entry.attributes.get(name);
      if (values !== undefined) found.push(values);
    }
    return found;
  }
  for (const [description, values] of entry.attributes)
    if (isDescribed(description, names, options)) found.push(values);
  return found;
}

/** Whether any attribute has options; few entries do, and the others need no look at every attribute. */
function hasOptions(entry: LdapEntry): boolean {
  // To remember costs more than a look at a few, above all for each of 100,000 members.
  if (entry.attributes.size <= FEW) return anyHasOptions(entry);
  const known = withOptions.get(entry);
  if (known !== undefined) return known;
  const has = anyHasOptions(entry);
  withOptions.set(entry, has);
  return has;
}

const FEW = 8;

function anyHasOptions({ attributes }: LdapEntry): boolean {
  for (const description of attributes.keys()) if (description.includes(';')) return true;
  return false;
}

/** `;binary` says how values travel and not what they are (RFC 4522 s3). */
function isTag(option: string): boolean {
  return option !== 'binary';
}

/** A description belongs to a filter's attribute where its type does and it has all options asked for (RFC 4512 s2.5.2). */
function isDescribed(description: string, names: ReadonlySet<string>, options: readonly string[]): boolean {
  const semicolon = description.indexOf(';');
  if (semicolon === -1) return options.length === 0 && names.has(description);
  if (!names.has(description.slice(0, semicolon))) return false;
  const present = description.slice(semicolon + 1).split(';');
  return options.every((option) => present.includes(option));
}

/** Every spelling of a type and its subtypes, in lower case. */
function familyOf(type: AttributeType, subschema: Subschema): ReadonlySet<string> {
  const known = families.get(subschema) ?? new Map<AttributeType, ReadonlySet<string>>();
  families.set(subschema, known);
  let family = known.get(type);
  if (family === undefined) {
    const spellings = subschema.attributeTypes
      .filter((candidate) => isSubtype(candidate, type, subschema))
      .flatMap(({ oid, names }) => [oid, ...names].map((name) => name.toLowerCase()));
    family = new Set(spellings);
    known.set(type, family);
  }
  return family;
}

function isSubtype(candidate: AttributeType, type: AttributeType, subschema: Subschema): boolean {
  let current: AttributeType | undefined = candidate;
  for (let steps = 0; current !== undefined && steps < 32; steps++) {
    if (current === type) return true;
    current = current.superior === undefined ? undefined : subschema.attributeType(current.superior);
  }
  return false;
}

function compileEquality(rule: string | undefined, value: LdapValue, subschema: Subschema): ValuePredicate | undefined {
  if (rule === undefined) return undefined;
  const wanted = findEqualityKey(rule, value);
  if (wanted === undefined) return undefined;
  if (/^(?:objectIdentifierMatch|2\.5\.13\.0)$/i.test(rule)) return compileIdentifier(rule, wanted, subschema);
  return (candidate) => {
    const key = findEqualityKey(rule, candidate);
    return key === undefined ? undefined : key === wanted;
  };
}

const OBJECT_CATEGORY = '1.2.840.113556.1.4.782';
const PERSONS = new Set(['user', 'inetorgperson', 'contact', 'organizationalperson']);

/**
 * Active Directory takes the name of a class for a DN in `objectCategory`: `person` for `CN=Person,CN=Schema,...`. Users
 * and contacts have the category of people (MS-ADTS 3.1.1.3.1.3.5).
 */
function compileCategory(type: AttributeType, value: LdapValue): ValuePredicate | undefined {
  const name = toBytes(value).toString('utf8').toLowerCase();
  if (type.oid !== OBJECT_CATEGORY || name.includes('=')) return undefined;
  const wanted = PERSONS.has(name) ? 'person' : name;
  return (candidate) => rdnValue(candidate.toString('utf8'), 'cn')?.replaceAll('-', '').toLowerCase() === wanted;
}

/** Names and OIDs of one thing are the same; an object class is also found by its superiors (OpenLDAP 2.5). */
function compileIdentifier(rule: string, wanted: string, subschema: Subschema): ValuePredicate | undefined {
  const oidOf = (name: string): string | undefined =>
    subschema.objectClass(name)?.oid ?? subschema.attributeType(name)?.oid;
  const oid = oidOf(wanted);
  // OpenLDAP 2.5: what the schema does not know is Undefined.
  if (oid === undefined) return undefined;
  const reaches = (name: string, steps: number): boolean => {
    if (oidOf(name) === oid) return true;
    return (
      steps < 32 && (subschema.objectClass(name)?.superiors ?? []).some((superior) => reaches(superior, steps + 1))
    );
  };
  return (candidate) => {
    const key = findEqualityKey(rule, candidate);
    return key === undefined ? undefined : reaches(key, 0);
  };
}

function compileOrdering(rule: string | undefined, value: LdapValue, greater: boolean): ValuePredicate | undefined {
  if (rule === undefined || compareOrdering(rule, value, value) === undefined) return undefined;
  return (candidate) => {
    const order = compareOrdering(rule, candidate, value);
    return order === undefined ? undefined : greater ? order >= 0 : order <= 0;
  };
}

function compileExtensible(
  { rule, attribute, value, dnAttributes }: Extract<LdapFilter, { kind: 'extensible' }>,
  subschema: Subschema,
): EntryPredicate {
  const testFor = (type: AttributeType): ValuePredicate | undefined =>
    compileBits(rule, value) ?? compileEquality(rule ?? type.equality, value, subschema);
  if (attribute !== undefined) {
    const onEntry = onValues(attribute, subschema, testFor);
    const type = subschema.attributeType(attribute);
    const test = type === undefined ? undefined : testFor(type);
    if (!dnAttributes || type === undefined || test === undefined) return onEntry;
    return either(onEntry, onDn(test, familyOf(type, subschema)));
  }
  if (rule === undefined || !knowsEqualityRule(rule)) return () => undefined;
  const test = compileEquality(rule, value, subschema);
  if (test === undefined) return () => undefined;
  // Without an attribute the rule meets every value (RFC 4511 s4.5.1.7.7); one it cannot read does not match.
  const onEntry: EntryPredicate = (entry) =>
    [...entry.attributes.values()].some((values) => values.some((candidate) => test(candidate) === true));
  return dnAttributes ? either(onEntry, onDn(test, undefined)) : onEntry;
}

function either(a: EntryPredicate, b: EntryPredicate): EntryPredicate {
  return (entry) => {
    const first = a(entry);
    if (first) return true;
    return b(entry) || (first === undefined ? undefined : false);
  };
}

/** A test of the values in an entry's DN. */
function onDn(test: ValuePredicate, names: ReadonlySet<string> | undefined): EntryPredicate {
  return ({ dn }) => {
    try {
      return parseDn(dn).some((rdn) =>
        rdn.some(({ type, value }) => (names?.has(type.toLowerCase()) ?? true) && test(toBytes(value)) === true),
      );
    } catch {
      return false;
    }
  };
}

function compileBits(rule: string | undefined, value: LdapValue): ValuePredicate | undefined {
  const name = rule?.toLowerCase() ?? '';
  const all = BIT_AND.has(name);
  if (!all && !BIT_OR.has(name)) return undefined;
  const mask = toInteger(toBytes(value));
  return (candidate) => {
    const integer = toInteger(candidate);
    if (integer === undefined || mask === undefined) return undefined;
    return all ? (integer & mask) === mask : (integer & mask) !== 0n;
  };
}

function toInteger(value: Buffer): bigint | undefined {
  const text = value.toString('latin1');
  // Attributes with bits have 32 or 64 of them.
  return text.length <= 20 && isLdapInteger(text) ? BigInt(text) : undefined;
}
