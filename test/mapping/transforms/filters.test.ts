// A transform's own filters are exact: for every entry they say what evaluating the SCIM filter over the shown value
// says. Tables show the filters, properties hold them against the evaluator.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LdapEntry } from '../../../src/ldap/entry.ts';
import type { LdapFilter } from '../../../src/ldap/filter.ts';
import { matches } from '../../../src/ldap/match-filter.ts';
import { printLdapFilter } from '../../../src/ldap/print-filter.ts';
import { standardSubschema } from '../../../src/ldap/subschema/standard.ts';
import { exactly, type FilterBounds } from '../../../src/mapping/bounds.ts';
import { transformFactories } from '../../../src/mapping/transforms/registry.ts';
import { evaluateFilter } from '../../../src/scim/filter/evaluate.ts';
import type { CompareOperator, CompareValue, ResolvedFilter } from '../../../src/scim/filter/filter.ts';
import type { JsonValue } from '../../../src/scim/json.ts';
import { defineAttribute } from '../../../src/scim/schema/define-attribute.ts';
import type { AttributeType } from '../../../src/scim/schema/schema.ts';

type Options = Readonly<Record<string, JsonValue>>;

function filterOf(
  name: string,
  options: Options,
  attribute: string,
  operator: CompareOperator | 'pr',
  value?: CompareValue,
) {
  const factory = transformFactories.get(name);
  assert.ok(factory);
  return factory.create(options).toFilter?.(attribute, operator, value, now);
}

const now = Date.UTC(2026, 0, 1);
const text = (value: string): CompareValue => ({ type: 'string', value });
const truth = (value: boolean): CompareValue => ({ type: 'boolean', value });
const time = (iso: string): CompareValue => ({ type: 'dateTime', value: Date.parse(iso), text: iso });
const uuid = '8a1f6c52-3d0e-4b97-9c44-5e2b7d90a6f1';
const guid = '8081c2c3-8485-c6c7-88c9-8a8b8c8d8e8f';
const guidFilter = `(a=${'c3c281808584c7c688c98a8b8c8d8e8f'.replace(/../g, '\\$&')})`;
const inside = '(a>=1)(!(a>=2650467744000000000))';
const disabled = { bit: 2, means: false };
const kinds = { values: { Employee: 'staff', Contractor: 'ext' } };

const printed: readonly (readonly [
  name: string,
  options: Options,
  operator: CompareOperator | 'pr',
  value: CompareValue | undefined,
  filter: string | undefined,
])[] = [
  ['accountLock', {}, 'eq', truth(true), '(!(a=*))'],
  ['accountLock', {}, 'eq', truth(false), '(a=*)'],
  ['accountLock', {}, 'ne', truth(true), '(a=*)'],
  ['accountLock', {}, 'pr', undefined, '(&)'],
  ['boolean', { absent: true }, 'eq', truth(true), '(!(a=FALSE))'],
  ['boolean', { absent: true }, 'eq', truth(false), '(a=FALSE)'],
  ['boolean', { absent: false }, 'ne', truth(false), '(a=TRUE)'],
  ['boolean', { absent: false }, 'pr', undefined, '(&)'],
  ['boolean', {}, 'eq', truth(true), undefined],
  ['uuid', {}, 'eq', text(uuid), `(a=${uuid})`],
  ['uuid', {}, 'eq', text(uuid.toUpperCase()), '(|)'],
  ['uuid', {}, 'eq', text('*)(uid=*'), '(|)'],
  ['uuid', {}, 'ne', text('x'), '(&)'],
  ['uuid', {}, 'ne', text(uuid), `(!(a=${uuid}))`],
  ['uuid', {}, 'co', text('8a1'), undefined],
  ['uuid', {}, 'pr', undefined, '(a=*)'],
  ['guid', {}, 'eq', text(guid), guidFilter],
  ['guid', {}, 'ne', text(guid), `(!${guidFilter})`],
  ['guid', {}, 'eq', text(guid.toUpperCase()), '(|)'],
  ['guid', {}, 'eq', text('33221100554477668899aabbccddeeff'), '(|)'],
  ['guid', {}, 'ne', text('*)(uid=*'), '(&)'],
  ['guid', {}, 'sw', text('0011'), undefined],
  ['guid', {}, 'pr', undefined, '(a=*)'],
  [
    'relativeId',
    { domain: 'S-1-5-21' },
    'eq',
    text('513'),
    '(a=\\01\\02\\00\\00\\00\\00\\00\\05\\15\\00\\00\\00\\01\\02\\00\\00)',
  ],
  ['relativeId', { domain: 'S-1-5-21' }, 'eq', text('0513'), '(|)'],
  ['relativeId', { domain: 'S-1-5-21' }, 'sw', text('5'), undefined],
  ['generalizedTime', {}, 'ge', time('2026-11-24T11:18:07Z'), '(a>=20261124111807Z)'],
  ['generalizedTime', {}, 'gt', time('2026-11-24T11:18:07Z'), '(a>=20261124111807.001Z)'],
  ['generalizedTime', {}, 'lt', time('2026-11-24T11:18:07Z'), '(&(a=*)(!(a>=20261124111807Z)))'],
  ['generalizedTime', {}, 'le', time('2026-11-24T11:18:07.999Z'), '(&(a=*)(!(a>=20261124111808Z)))'],
  ['generalizedTime', {}, 'eq', time('2026-11-24T11:18:07Z'), '(&(a>=20261124111807Z)(!(a>=20261124111807.001Z)))'],
  ['generalizedTime', {}, 'pr', undefined, '(a=*)'],
  ['fileTime', {}, 'pr', undefined, `(&${inside})`],
  ['fileTime', {}, 'ge', time('2024-12-31T07:38:07Z'), `(&${inside}(a>=133801042870000000))`],
  ['fileTime', {}, 'gt', time('2024-12-31T07:38:07Z'), `(&${inside}(a>=133801042870010000))`],
  ['fileTime', {}, 'lt', time('1970-01-01T00:00:00Z'), `(&${inside}(!(a>=116444736000000000)))`],
  ['fileTime', {}, 'eq', time('1970-01-01T00:00:00Z'), `(&${inside}(a>=116444736000000000)(!(a>=116444736000010000)))`],
  ['fileTime', {}, 'co', time('1970-01-01T00:00:00Z'), undefined],
  ['proxyAddress', {}, 'eq', text('a@x'), '(a=smtp:a@x)'],
  ['proxyAddress', {}, 'co', text('a*'), '(a=smtp:*a\\2a*)'],
  ['proxyAddress', {}, 'sw', text('a'), '(a=smtp:a*)'],
  ['proxyAddress', {}, 'ew', text('@x'), '(a=smtp:*@x)'],
  ['proxyAddress', {}, 'ne', text('a@x'), undefined],
  ['proxyAddress', {}, 'eq', text('ä@x'), undefined],
  ['proxyAddress', {}, 'pr', undefined, '(a=smtp:*) at most, (&(a=smtp:*)(!(a=smtp:))) at least'],
  ['expiry', { unit: 'days' }, 'eq', truth(false), '(&(a>=1)(a<=20454))'],
  ['expiry', { unit: 'days' }, 'eq', truth(true), '(!(&(a>=1)(a<=20454)))'],
  ['expiry', { unit: 'fileTime' }, 'ne', truth(true), '(&(a>=1)(a<=134116992000000000))'],
  ['expiry', { unit: 'days' }, 'pr', undefined, '(&)'],
  ['flag', disabled, 'eq', truth(false), '(a:1.2.840.113556.1.4.803:=2)'],
  ['flag', disabled, 'eq', truth(true), '(!(a:1.2.840.113556.1.4.803:=2))'],
  ['flag', disabled, 'ne', truth(true), '(a:1.2.840.113556.1.4.803:=2)'],
  ['flag', { bit: 2147483648 }, 'eq', truth(true), '(a:1.2.840.113556.1.4.803:=2147483648)'],
  ['flag', { bit: 4 }, 'eq', text('true'), '(|)'],
  ['flag', { bit: 4 }, 'pr', undefined, '(&)'],
  ['values', kinds, 'eq', text('Employee'), '(a=staff)'],
  ['values', kinds, 'eq', text('contractor'), '(&(a=ext)(!(a=staff)))'],
  ['values', kinds, 'eq', text('Boss'), '(|)'],
  ['values', kinds, 'pr', undefined, '(|(a=staff)(a=ext))'],
  ['values', { ...kinds, otherwise: 'Guest' }, 'eq', text('Guest'), '(!(|(a=staff)(a=ext)))'],
  ['values', { ...kinds, otherwise: 'Guest' }, 'pr', undefined, '(&)'],
  ['values', { ...kinds, caseExact: true }, 'eq', text('employee'), '(|)'],
  ['values', { ...kinds, multiValued: true }, 'eq', text('Contractor'), '(a=ext)'],
  ['values', { ...kinds, multiValued: true }, 'ne', text('Contractor'), undefined],
  ['values', { ...kinds, multiValued: true, otherwise: 'Guest' }, 'eq', text('Guest'), undefined],
  ['values', { ...kinds, multiValued: true, otherwise: 'Guest' }, 'pr', undefined, '(a=*)'],
  ['values', kinds, 'co', text('Emp'), undefined],
];

interface Exactness {
  readonly name: string;
  readonly options: Options;
  readonly type: AttributeType;
  /** Real attributes of the standard schema, so that matching rules apply. */
  readonly attribute: string;
  readonly held: fc.Arbitrary<readonly string[]>;
  readonly operators: readonly CompareOperator[];
  readonly asked: fc.Arbitrary<CompareValue>;
  readonly multiValued?: boolean;
}

const ordering: readonly CompareOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const optional = (value: fc.Arbitrary<string>) => fc.array(value, { maxLength: 1 });
const instants = ['20261124111807Z', '20261124111807.5Z', '20261124111807.5004Z', '20261124121807+0100', '2026112411Z'];
const asks = ['2026-11-24T11:18:07Z', '2026-11-24T11:18:07.500Z', '2026-11-24T11:18:06.999Z', '2026-11-24T11:00:00Z'];
const types = fc.array(fc.constantFrom('staff', 'STAFF', 'ext', 'other'), { maxLength: 3 });
const askedTypes = fc.constantFrom('Employee', 'employee', ' employee ', 'Contractor', 'Guest', 'Boss').map(text);

const exactness: readonly Exactness[] = [
  {
    name: 'generalizedTime',
    options: {},
    type: 'dateTime',
    attribute: 'modifyTimestamp',
    held: optional(fc.constantFrom(...instants)),
    operators: ordering,
    asked: fc.constantFrom(...asks).map(time),
  },
  {
    name: 'fileTime',
    options: {},
    type: 'dateTime',
    attribute: 'uidNumber',
    held: optional(
      fc.oneof(
        fc.constantFrom('0', '9223372036854775807', '-5', '1', '2650467744000000000', '116444736000000000'),
        fc.bigInt({ min: 133801042870000000n, max: 133801042870030000n }).map(String),
      ),
    ),
    operators: ordering,
    asked: fc
      .constantFrom(
        '2024-12-31T07:38:07Z',
        '2024-12-31T07:38:07.001Z',
        '2024-12-31T07:38:07.0015Z',
        '1600-01-01T00:00:00Z',
        '1601-01-01T00:00:00Z',
        '1970-01-01T00:00:00Z',
        '9999-12-31T23:59:59.999Z',
      )
      .map(time),
  },
  {
    name: 'uuid',
    options: {},
    type: 'string',
    attribute: 'entryUUID',
    held: optional(fc.constantFrom(uuid, uuid.toUpperCase(), uuid.replace('8', '9'))),
    operators: ['eq', 'ne'],
    asked: fc.constantFrom(uuid, uuid.toUpperCase(), 'x').map(text),
  },
  {
    name: 'accountLock',
    options: {},
    type: 'boolean',
    attribute: 'pwdAccountLockedTime',
    held: optional(fc.constantFrom('000001010000Z', '20261124111807Z')),
    operators: ['eq', 'ne'],
    asked: fc.boolean().map(truth),
  },
  {
    name: 'proxyAddress',
    options: {},
    type: 'string',
    attribute: 'employeeType',
    held: fc.uniqueArray(fc.constantFrom('smtp:a@x', 'SMTP:B@x', 'sip:a@x', 'X500:smtp:a', 'Smtp:c@y'), {
      maxLength: 4,
    }),
    operators: ['eq', 'co', 'sw', 'ew'],
    asked: fc.constantFrom('a@x', 'A@X', 'b@x', '@', 'smtp', 'x', 'sip', '*').map(text),
    multiValued: true,
  },
  ...['days', 'fileTime'].map(
    (unit): Exactness => ({
      name: 'expiry',
      options: { unit },
      type: 'boolean',
      attribute: 'uidNumber',
      held: optional(
        fc.constantFrom(
          '0',
          '-1',
          '1',
          '20453',
          '20454',
          '20455',
          '134116992000000000',
          '134116992000000001',
          '9223372036854775807',
        ),
      ),
      operators: ['eq', 'ne'],
      asked: fc.boolean().map(truth),
    }),
  ),
  ...[disabled, { bit: 2147483648 }].map(
    (options): Exactness => ({
      name: 'flag',
      options,
      type: 'boolean',
      attribute: 'uidNumber',
      held: fc.array(fc.constantFrom('512', '514', '66050', '-2147483646', '-2147483644', '0'), { maxLength: 2 }),
      operators: ['eq', 'ne'],
      asked: fc.boolean().map(truth),
    }),
  ),
  ...[true, false].map(
    (absent): Exactness => ({
      name: 'boolean',
      options: { absent },
      type: 'boolean',
      attribute: 'pwdReset',
      held: optional(fc.constantFrom('TRUE', 'FALSE')),
      operators: ['eq', 'ne'],
      asked: fc.boolean().map(truth),
    }),
  ),
  {
    name: 'proxyAddress',
    options: {},
    type: 'string',
    attribute: 'description',
    held: fc.array(fc.constantFrom('smtp:', 'SMTP:', 'smtp:a@x', 'SMTP:b@x', 'x500:a@x', 'SMTP:ab@x'), {
      maxLength: 3,
    }),
    operators: ['eq', 'sw', 'co', 'ew'],
    asked: fc.constantFrom('a@x', 'A', 'b@x', '@x', 'x').map(text),
    multiValued: true,
  },
  ...[kinds, { ...kinds, otherwise: 'Guest' }].map(
    (options): Exactness => ({
      name: 'values',
      options,
      type: 'string',
      attribute: 'employeeType',
      held: types,
      operators: ['eq', 'ne'],
      asked: askedTypes,
    }),
  ),
  ...[kinds, { ...kinds, otherwise: 'Guest' }].map(
    (options): Exactness => ({
      name: 'values',
      options: { ...options, multiValued: true },
      type: 'string',
      attribute: 'employeeType',
      held: types,
      operators: ['eq'],
      asked: askedTypes,
      multiValued: true,
    }),
  ),
];

function print(filter: LdapFilter | FilterBounds): string {
  if (!('upper' in filter)) return printLdapFilter(filter);
  return `${printLdapFilter(filter.upper)} at most, ${printLdapFilter(filter.lower)} at least`;
}

describe('filters of transforms', () => {
  for (const [name, options, operator, value, expected] of printed) {
    it(`${name} ${JSON.stringify(options)}: ${operator} ${value === undefined ? '' : JSON.stringify(value.value)}`, () => {
      const filter = filterOf(name, options, 'a', operator, value);
      assert.equal(filter === undefined ? undefined : print(filter), expected);
    });
  }

  for (const each of exactness) {
    const { name, options, type, attribute, held, operators, asked, multiValued = false } = each;
    it(`G20 to G28: ${name} ${JSON.stringify(options)} finds what evaluation finds`, () => {
      const definition = defineAttribute({ name: 'x', type, multiValued, caseExact: name === 'uuid' });
      const ref = { urn: 'urn:test', extension: false, attribute: definition };
      const transform = transformFactories.get(name)?.create(options);
      assert.ok(transform);
      assert.ok(standardSubschema.attributeType(attribute), attribute);
      const cases = fc.tuple(held, fc.constantFrom(...operators, 'pr' as const), asked);
      fc.assert(
        fc.property(cases, ([texts, operator, value]) => {
          const bytes = texts.map((held) => Buffer.from(held));
          const entry = new LdapEntry('cn=x', new Map(bytes.length === 0 ? [] : [[attribute.toLowerCase(), bytes]]));
          const shown = multiValued
            ? bytes.flatMap((one) => transform.toScim([one], now) ?? [])
            : transform.toScim(bytes, now);
          const resource = shown === undefined ? {} : { x: shown };
          const filter = transform.toFilter?.(attribute, operator, operator === 'pr' ? undefined : value, now);
          if (filter === undefined) return;
          const scim: ResolvedFilter =
            operator === 'pr' ? { kind: 'present', ref } : { kind: 'compare', operator, ref, value };
          const { upper, lower } = 'upper' in filter ? filter : exactly(filter);
          const wanted = evaluateFilter(scim, resource);
          const found = matches(wanted ? upper : lower, entry, standardSubschema);
          assert.equal(
            found,
            wanted,
            `${operator} ${JSON.stringify(value)} over ${JSON.stringify(texts)} by ${print(filter)}`,
          );
        }),
        { numRuns: 300 },
      );
    });
  }
});
