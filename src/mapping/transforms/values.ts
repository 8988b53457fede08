// A value map: each SCIM value has its LDAP value, and everything else may have one SCIM value of its own. The `values:`
// key of a mapping makes it.
import { and, equality, type LdapFilter, matchAll, matchNone, not, or, present } from '../../ldap/filter.ts';
import { comparableString } from '../../scim/filter/compare.ts';
import type { CompareOperator, CompareValue } from '../../scim/filter/filter.ts';
import { isJsonObject, type JsonValue } from '../../scim/json.ts';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

export interface ValuesOptions {
  /** SCIM value as text -> LDAP value. The first that an entry has counts. */
  readonly values: Readonly<Record<string, string>>;
  /** SCIM value of an entry that has none of the LDAP values. */
  readonly otherwise?: JsonValue;
  /** Of the SCIM attribute: `string` unless given. */
  readonly type?: 'string' | 'boolean' | 'integer' | 'decimal';
  /** Values are converted one by one: an entry has several SCIM values. */
  readonly multiValued?: boolean;
  /** Of the SCIM attribute: false unless given. */
  readonly caseExact?: boolean;
}

interface Pair {
  readonly scim: JsonValue;
  readonly ldap: string;
}

export const valuesTransform: TransformFactory = {
  name: 'values',
  description: 'A list of SCIM values and the LDAP value of each; the `values` key is the short form.',
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['values'],
    properties: {
      values: { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1 } },
      otherwise: { type: ['string', 'number', 'boolean'] },
      type: { enum: ['string', 'boolean', 'integer', 'decimal'] },
      multiValued: { type: 'boolean' },
      caseExact: { type: 'boolean' },
    },
  },
  create({ values, otherwise, type, multiValued, caseExact }) {
    if (!isJsonObject(values)) throw new Error('"values" must list SCIM values with their LDAP values');
    const texts = Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    return createValuesTransform({
      values: Object.fromEntries(texts),
      ...(otherwise === undefined ? {} : { otherwise }),
      ...(type === 'boolean' || type === 'integer' || type === 'decimal' ? { type } : {}),
      ...(multiValued === true ? { multiValued } : {}),
      ...(caseExact === true ? { caseExact } : {}),
    });
  },
};

/** Throws an `Error` where a SCIM value is not of the type, or two have the same LDAP value. */
export function createValuesTransform(options: ValuesOptions): Transform {
  const { otherwise, type = 'string', multiValued = false, caseExact = false } = options;
  const pairs = Object.entries(options.values).map(([text, ldap]) => ({ scim: typed(text, type), ldap }));
  if (otherwise !== undefined && typeof otherwise !== jsType(type)) {
    throw new Error(`"otherwise" must be a ${jsType(type)}`);
  }
  const fold = foldingOf(pairs);
  const ranks = new Map(pairs.map((pair, rank) => [fold(pair.ldap), rank]));
  const same = sameUnder(caseExact);
  const map: ValueMap = { pairs, otherwise, same };

  return {
    name: 'values',
    traits: { types: [type], invertible: true, ordered: false, equality: false, substrings: false },
    toScim(values) {
      const found = values.map((value) => ranks.get(fold(value.toString('utf8'))) ?? pairs.length);
      return pairs[Math.min(...found)]?.scim ?? otherwise;
    },
    toLdap(value) {
      if (isUnassigned(value)) return [];
      const pair = pairs.find(({ scim }) => scim === value) ?? pairs.find(({ scim }) => same(scim, value));
      if (pair !== undefined) return [pair.ldap];
      if (otherwise !== undefined && same(otherwise, value)) return [];
      const allowed = [...pairs.map(({ scim }) => scim), ...(otherwise === undefined ? [] : [otherwise])];
      throw notStorable(value, `one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}`);
    },
    filterOf: multiValued ? 'each' : 'all',
    toFilter: (attribute, operator, value) =>
      multiValued
        ? filterEach(attribute, operator, value?.value, map)
        : filterFirst(attribute, operator, value?.value, map),
  };
}

interface ValueMap {
  readonly pairs: readonly Pair[];
  readonly otherwise: JsonValue | undefined;
  readonly same: (a: JsonValue, b: JsonValue) => boolean;
}

/** One SCIM value per entry: of several LDAP values the first in the list counts. */
function filterFirst(
  attribute: string,
  operator: CompareOperator | 'pr',
  value: CompareValue['value'] | undefined,
  { pairs, otherwise, same }: ValueMap,
): LdapFilter | undefined {
  const anyListed = or(...pairs.map(({ ldap }) => equality(attribute, ldap)));
  if (operator === 'pr') return otherwise === undefined ? anyListed : matchAll;
  if (value === undefined || (operator !== 'eq' && operator !== 'ne')) return undefined;
  const listed = pairs.map(({ scim, ldap }, rank) => {
    const earlier = pairs.slice(0, rank).map((before) => not(equality(attribute, before.ldap)));
    return same(scim, value) ? and(equality(attribute, ldap), ...earlier) : matchNone;
  });
  const equal = or(...listed, otherwise !== undefined && same(otherwise, value) ? not(anyListed) : matchNone);
  return operator === 'eq' ? equal : not(equal);
}

/** Each LDAP value is a SCIM value of its own; LDAP cannot ask for "a value that the list does not name". */
function filterEach(
  attribute: string,
  operator: CompareOperator | 'pr',
  value: CompareValue['value'] | undefined,
  { pairs, otherwise, same }: ValueMap,
): LdapFilter | undefined {
  const having = (some: readonly Pair[]) => or(...some.map(({ ldap }) => equality(attribute, ldap)));
  if (operator === 'pr') return otherwise === undefined ? having(pairs) : present(attribute);
  if (operator !== 'eq' || value === undefined) return undefined;
  if (otherwise !== undefined && same(otherwise, value)) return undefined;
  return having(pairs.filter(({ scim }) => same(scim, value)));
}

/** As SCIM compares (G20). */
function sameUnder(caseExact: boolean): ValueMap['same'] {
  const form = (value: JsonValue) => (typeof value === 'string' ? comparableString(value, caseExact) : value);
  return (a, b) => form(a) === form(b);
}

/** LDAP values are compared without case, as nearly every text attribute is, unless only case tells two apart. */
function foldingOf(pairs: readonly Pair[]): (text: string) => string {
  const exact = new Set(pairs.map((pair) => pair.ldap));
  if (exact.size < pairs.length) throw new Error('two SCIM values have the same LDAP value');
  const folded = new Set(pairs.map((pair) => pair.ldap.toLowerCase()));
  return folded.size === exact.size ? (text) => text.toLowerCase() : (text) => text;
}

function jsType(type: NonNullable<ValuesOptions['type']>): 'string' | 'boolean' | 'number' {
  return type === 'integer' || type === 'decimal' ? 'number' : type;
}

function typed(text: string, type: NonNullable<ValuesOptions['type']>): JsonValue {
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new Error(`"${text}" must be true or false`);
      return text === 'true';
    case 'integer':
    case 'decimal': {
      const number = Number(text);
      const fits = text.trim() !== '' && (type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number));
      if (!fits) throw new Error(`"${text}" must be ${type === 'integer' ? 'a whole number' : 'a number'}`);
      return number;
    }
  }
}
