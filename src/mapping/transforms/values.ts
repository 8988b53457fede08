// A value map: each SCIM value has its LDAP value, and everything else may have one SCIM value of its own. The `values:`
// key of a mapping makes it.
import { and, equality, type LdapFilter, matchAll, matchNone, not, or, present } from '../../ldap/filter.ts';
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
    },
  },
  create({ values, otherwise, type, multiValued }) {
    if (!isJsonObject(values)) throw new Error('"values" must list SCIM values with their LDAP values');
    const texts = Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    return createValuesTransform({
      values: Object.fromEntries(texts),
      ...(otherwise === undefined ? {} : { otherwise }),
      ...(type === 'boolean' || type === 'integer' || type === 'decimal' ? { type } : {}),
      ...(multiValued === true ? { multiValued } : {}),
    });
  },
};

/** Throws an `Error` where a SCIM value is not of the type, or two have the same LDAP value. */
export function createValuesTransform(options: ValuesOptions): Transform {
  const { otherwise, type = 'string', multiValued = false } = options;
  const pairs = Object.entries(options.values).map(([text, ldap]) => ({ scim: typed(text, type), ldap }));
  const fold = foldingOf(pairs);
  const byLdap = new Map(pairs.map((pair, rank) => [fold(pair.ldap), rank]));
  if (otherwise !== undefined && typeof otherwise !== jsType(type))
    throw new Error(`"otherwise" must be ${jsType(type)}`);
  const allowed = [...pairs.map((pair) => pair.scim), ...(otherwise === undefined ? [] : [otherwise])];

  return {
    name: 'values',
    traits: { types: [type], invertible: true, ordered: false, equality: false, substrings: false },
    toScim(values) {
      const ranks = values
        .map((value) => byLdap.get(fold(value.toString('utf8'))))
        .filter((rank) => rank !== undefined);
      const first = ranks.length === 0 ? undefined : pairs[Math.min(...ranks)];
      return first?.scim ?? otherwise;
    },
    toLdap(value) {
      if (isUnassigned(value)) return [];
      const pair = findPair(pairs, value);
      if (pair !== undefined) return [pair.ldap];
      if (otherwise !== undefined && sameScim(otherwise, value)) return [];
      throw notStorable(value, `one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}`);
    },
    toFilter(attribute, operator, value) {
      return multiValued
        ? filterValues(attribute, operator, value, pairs, otherwise)
        : filterValue(attribute, operator, value, pairs, otherwise);
    },
  };
}

/** One SCIM value per entry: of several LDAP values the first in the list counts. */
function filterValue(
  attribute: string,
  operator: CompareOperator | 'pr',
  value: CompareValue | undefined,
  pairs: readonly Pair[],
  otherwise: JsonValue | undefined,
): LdapFilter | undefined {
  const anyListed = () => or(...pairs.map((pair) => equality(attribute, pair.ldap)));
  if (operator === 'pr') return otherwise === undefined ? anyListed() : matchAll;
  if (value === undefined || (operator !== 'eq' && operator !== 'ne')) return undefined;
  const matching = pairs.map((pair, rank) => ({ pair, rank })).filter(({ pair }) => sameScim(pair.scim, value.value));
  const equal = or(
    ...matching.map(({ pair, rank }) => {
      const earlier = pairs.slice(0, rank).map((before) => not(equality(attribute, before.ldap)));
      return and(equality(attribute, pair.ldap), ...earlier);
    }),
    otherwise !== undefined && sameScim(otherwise, value.value) ? not(anyListed()) : matchNone,
  );
  return operator === 'eq' ? equal : not(equal);
}

/** Each LDAP value is a SCIM value of its own; LDAP cannot ask for "a value that the list does not name". */
function filterValues(
  attribute: string,
  operator: CompareOperator | 'pr',
  value: CompareValue | undefined,
  pairs: readonly Pair[],
  otherwise: JsonValue | undefined,
): LdapFilter | undefined {
  if (operator === 'pr' && otherwise !== undefined) return present(attribute);
  if (operator === 'pr') return or(...pairs.map((pair) => equality(attribute, pair.ldap)));
  if (operator !== 'eq' || value === undefined) return undefined;
  if (otherwise !== undefined && sameScim(otherwise, value.value)) return undefined;
  const matching = pairs.filter((pair) => sameScim(pair.scim, value.value));
  return or(...matching.map((pair) => equality(attribute, pair.ldap)));
}

function findPair(pairs: readonly Pair[], value: JsonValue): Pair | undefined {
  return pairs.find((pair) => pair.scim === value) ?? pairs.find((pair) => sameScim(pair.scim, value));
}

/** As SCIM compares strings that are not case-exact (RFC 7643 s2.2). */
function sameScim(a: JsonValue, b: JsonValue): boolean {
  return a === b || (typeof a === 'string' && typeof b === 'string' && a.toLowerCase() === b.toLowerCase());
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
