// Filters on entries as a directory may hold them: several values behind one, values that no transform reads, names that
// name the entry. For every filter: who matches the lower bound matches the SCIM filter, and who matches that matches the
// upper bound.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { and, equality, greaterOrEqual, type LdapFilter, not, or, present, substrings } from '../../src/ldap/filter.ts';
import { matches, matchFilter } from '../../src/ldap/match-filter.ts';
import { printLdapFilter } from '../../src/ldap/print-filter.ts';
import { extendSubschema } from '../../src/ldap/subschema/parse-subschema.ts';
import { andBounds, type FilterBounds, isExact, notBounds, orBounds } from '../../src/mapping/bounds.ts';
import type { ResourceMapping } from '../../src/mapping/mapping.ts';
import { planFilter } from '../../src/mapping/plan-filter.ts';
import { noReferences } from '../../src/mapping/references.ts';
import { evaluateFilter } from '../../src/scim/filter/evaluate.ts';
import { compilePerson, entryOf, filterFor, resourceOf, scimSubschema, someId } from './compiled.ts';

const text = '1.3.6.1.4.1.1466.115.121.1';
const subschema = extendSubschema(scimSubschema, {
  attributeTypes: [
    `( 1.2.3.1 NAME 'tExact' EQUALITY caseExactMatch SUBSTR caseExactSubstringsMatch ORDERING caseExactOrderingMatch SYNTAX ${text}.15 )`,
    `( 1.2.3.2 NAME 'tIgnore' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch ORDERING caseIgnoreOrderingMatch SYNTAX ${text}.15 SINGLE-VALUE )`,
    `( 1.2.3.3 NAME 'tNumber' EQUALITY 2.5.13.2 SUBSTR 2.5.13.4 SYNTAX ${text}.15 )`,
    `( 1.2.3.4 NAME 'tNothing' SYNTAX ${text}.15 )`,
    `( 1.2.3.5 NAME 'tInteger' EQUALITY integerMatch ORDERING integerOrderingMatch SYNTAX ${text}.27 SINGLE-VALUE )`,
    `( 1.2.3.6 NAME 'tIntegers' EQUALITY integerMatch ORDERING integerOrderingMatch SYNTAX ${text}.27 )`,
    `( 1.2.3.7 NAME 'tBoolean' EQUALITY booleanMatch SYNTAX ${text}.7 )`,
    `( 1.2.3.8 NAME 'tTime' EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch SYNTAX ${text}.24 SINGLE-VALUE )`,
    `( 1.2.3.9 NAME 'tTimes' EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch SYNTAX ${text}.24 )`,
    `( 1.2.3.10 NAME 'tKind' EQUALITY caseIgnoreMatch SYNTAX ${text}.15 )`,
    `( 1.2.3.11 NAME 'tLabel' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX ${text}.15 )`,
    `( 1.2.3.13 NAME 'tFileTime' EQUALITY integerMatch ORDERING integerOrderingMatch SYNTAX ${text}.27 SINGLE-VALUE )`,
    `( 1.2.3.14 NAME 'tFileText' EQUALITY caseIgnoreMatch SYNTAX ${text}.15 )`,
    `( 1.2.3.12 NAME 'tOctets' EQUALITY octetStringMatch SYNTAX ${text}.40 )`,
  ],
  objectClasses: [],
});

const urn = 'urn:test:1.0:User';
const schemas = `
  ${urn}:
    attributes:
      - { name: exact, caseExact: true }
      - { name: exactIgnore, caseExact: false }
      - { name: ignoreExact, caseExact: true }
      - { name: ordered }
      - { name: orderedExact, caseExact: true }
      - { name: number }
      - { name: nothing }
      - { name: level, type: integer }
      - { name: levels, type: integer, multiValued: true }
      - { name: textLevel, type: integer }
      - { name: score, type: decimal }
      - { name: flag, type: boolean }
      - { name: flagOr, type: boolean }
      - { name: since, type: dateTime }
      - { name: times, type: dateTime, multiValued: true }
      - { name: firstTime, type: dateTime }
      - { name: expires, type: dateTime }
      - { name: textTime, type: dateTime }
      - { name: kind }
      - { name: kinds, multiValued: true }
      - { name: tags, multiValued: true }
      - { name: fixed, type: integer }
      - { name: computed }
      - { name: boss }
      - { name: octets, type: binary }
`;
const own = (name: string, mapping: string) => `${urn}:${name}: ${mapping}`;
const attributes = [
  'displayName: cn',
  'externalId: title',
  'name.familyName: sn',
  'name.givenName: givenName',
  'name.formatted: { template: "${name.givenName} ${name.familyName}" }',
  'nickName: { constant: Nick }',
  'emails[type eq "work"].value: { attribute: mail, primary: true }',
  'emails[type eq "home"].value: { attribute: scimHomeMail }',
  'emails[type eq "home"].display: tLabel',
  'phoneNumbers.value: telephoneNumber',
  'addresses[type eq "work"].formatted: { attribute: postalAddress, transform: postalAddress }',
  'addresses[type eq "work"].locality: l',
  'addresses[type eq "work"].country: { constant: DE }',
  'x509Certificates.value: userCertificate;binary',
  'meta.created: createTimestamp',
  own('exact', 'tExact'),
  own('exactIgnore', '{ attribute: tExact, access: readOnly }'),
  own('ignoreExact', '{ attribute: tNumber, access: readOnly }'),
  own('ordered', 'tIgnore'),
  own('orderedExact', '{ attribute: tIgnore, access: readOnly }'),
  'roles[type eq "base"].value: { constant: Member }',
  own('number', 'tNumber'),
  own('nothing', 'tNothing'),
  own('level', 'tInteger'),
  own('levels', 'tIntegers'),
  own('textLevel', '{ attribute: tLabel, access: readOnly }'),
  own('score', '{ attribute: tLabel, access: readOnly }'),
  own('flag', '{ attribute: tBoolean }'),
  own('flagOr', '{ attribute: tBoolean, access: readOnly, transform: boolean, options: { absent: true } }'),
  own('since', 'tTime'),
  own('times', 'tTimes'),
  own('firstTime', '{ attribute: tTimes, access: readOnly }'),
  own('expires', '{ attribute: tFileTime, transform: fileTime }'),
  own('textTime', '{ attribute: tFileText, transform: fileTime }'),
  own('kind', '{ attribute: tKind, values: { full: f, half: h }, otherwise: other }'),
  own('kinds', '{ attribute: tKind, access: readOnly, values: { full: f, half: h } }'),
  own('tags', '{ attribute: scimRole }'),
  own('fixed', '{ constant: 7 }'),
  own('computed', '{ template: "${displayName}-${nickName}" }'),
  own('boss', '{ attribute: manager }'),
  own('octets', '{ attribute: tOctets }'),
];

const words = [
  'ann',
  'Ann',
  'ANN b',
  'ann  B',
  'b',
  'B-1',
  '1',
  '7',
  '12',
  'Ünal',
  'ünal',
  'a*',
  '(b)',
  'ａnn',
  'f',
  'H',
];
const word = fc.constantFrom(...words);
const ascii = fc.constantFrom('a@x', 'A@X', 'b@y', 'c d@z');
const phone = fc.constantFrom('+1 555-1', '+15551', '555', '+1-2');
const time = fc.constantFrom('20200101000000Z', '20200101000000.5Z', '20200101010000+0100', '20301231235959Z');
const fileTime = fc.constantFrom('0', '132223104000000000', '132223104005000001', '9223372036854775807');
const list = <T>(values: fc.Arbitrary<T>, maxLength = 3) => fc.uniqueArray(values, { maxLength });

const entry = fc
  .record({
    uid: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
    cn: list(word),
    title: list(word),
    sn: list(word),
    givenName: list(word),
    mail: list(ascii),
    scimHomeMail: list(ascii, 2),
    tLabel: list(word, 2),
    telephoneNumber: list(phone, 2),
    postalAddress: list(fc.constantFrom('ann$b', 'ann b', 'Ann', 'b\\24$x'), 2),
    l: list(word, 2),
    'userCertificate;binary': list(fc.constantFrom('cert1', 'cert2'), 2),
    createTimestamp: list(time, 1),
    tExact: list(word, 2),
    tIgnore: list(word, 1),
    tNumber: list(word, 2),
    tNothing: list(word, 2),
    tInteger: list(fc.constantFrom('1', '7', '-3', '9007199254740993'), 1),
    tIntegers: list(fc.constantFrom('1', '7', '-3', '12'), 3),
    tBoolean: list(fc.constantFrom('TRUE', 'FALSE'), 2),
    tTime: list(time, 1),
    tTimes: list(time, 2),
    tFileTime: list(fileTime, 1),
    tFileText: list(fc.oneof(fileTime, fc.constant('x')), 2),
    tKind: list(fc.constantFrom('f', 'h', 'F', 'x'), 3),
    scimRole: list(word, 3),
    manager: list(fc.constantFrom('uid=ann,dc=example', 'uid=Ann, dc=example', 'uid=b,dc=example'), 2),
    tOctets: list(fc.constantFrom('ann', 'b'), 2),
  })
  .map(({ uid, ...rest }) => entryOf({ uid, ...rest }, `uid=${uid.at(-1)?.replace(/[^\w ]/g, '-')},dc=example`));

const order = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const operators = fc.constantFrom(...order, 'co', 'sw', 'ew');
const quoted = (values: fc.Arbitrary<string>) => values.map((value) => JSON.stringify(value));
const literal = quoted(fc.oneof(word, ascii, phone, fc.constantFrom('', ' ', '-', 'work', 'home', 'de', 'n', 'ann b')));
const compare = (paths: readonly string[], operator: fc.Arbitrary<string>, values: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom(...paths), operator, values).map((parts) => parts.join(' '));
const inUrn = (...names: string[]) => names.map((name) => `${urn}:${name}`);
const texts = [
  'userName',
  'displayName',
  'externalId',
  'name.familyName',
  'name.formatted',
  'nickName',
  'emails',
  'emails.type',
  'emails.display',
  'phoneNumbers',
  'addresses.formatted',
  'addresses.locality',
  'addresses.country',
  'roles',
  'roles.type',
  'schemas',
  'meta.resourceType',
  ...inUrn(
    'exact',
    'exactIgnore',
    'ignoreExact',
    'ordered',
    'orderedExact',
    'number',
    'nothing',
    'kind',
    'kinds',
    'tags',
    'computed',
    'boss',
  ),
];
const equalOrNot = fc.constantFrom('eq', 'ne');
const term = fc.oneof(
  { weight: 6, arbitrary: compare(texts, operators, literal) },
  {
    weight: 2,
    arbitrary: compare(
      inUrn('level', 'levels', 'textLevel', 'score', 'fixed'),
      fc.constantFrom(...order),
      fc.constantFrom('1', '7', '7.5', '-3', '12', '1e30'),
    ),
  },
  {
    weight: 1,
    arbitrary: compare([...inUrn('flag', 'flagOr'), 'emails.primary'], equalOrNot, fc.constantFrom('true', 'false')),
  },
  {
    weight: 2,
    arbitrary: compare(
      ['meta.created', ...inUrn('since', 'times', 'firstTime', 'expires', 'textTime')],
      fc.constantFrom(...order),
      quoted(fc.constantFrom('2020-01-01T00:00:00Z', '2020-01-01T00:00:00.5Z', '2040-01-01T00:00:00Z')),
    ),
  },
  {
    weight: 1,
    arbitrary: compare(
      ['x509Certificates', ...inUrn('octets')],
      equalOrNot,
      fc.constantFrom('cert1', 'ann').map((value) => JSON.stringify(Buffer.from(value).toString('base64'))),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        ...texts,
        'name',
        'addresses',
        'x509Certificates',
        'emails.primary',
        'meta',
        'meta.created',
        'meta.version',
        'id',
        ...inUrn(
          'level',
          'levels',
          'textLevel',
          'score',
          'flag',
          'flagOr',
          'since',
          'times',
          'firstTime',
          'expires',
          'textTime',
          'fixed',
          'octets',
        ),
      )
      .map((path) => `${path} pr`),
  },
);
const inBrackets = fc
  .tuple(
    fc.constantFrom('emails', 'phoneNumbers', 'addresses'),
    fc.array(
      fc.oneof(
        compare(['value', 'type', 'display'], operators, literal),
        fc.constantFrom('primary eq true', 'not (primary eq true)', 'value pr', 'display pr', 'type pr', 'primary pr'),
        compare(['value', 'type'], equalOrNot, literal).map((inner) => `not (${inner})`),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom('and', 'or'),
  )
  .map(([path, terms, word]) => `${path}[${terms.join(` ${word} `)}]`)
  // Not every attribute has every sub-attribute.
  .map((path) =>
    path.startsWith('addresses') ? path.replace(/\bvalue\b/g, 'locality').replace(/\bdisplay\b/g, 'country') : path,
  )
  .map((path) =>
    path.startsWith('emails')
      ? path
      : path.replace(/not \(primary eq true\)|primary (?:eq true|pr)/g, path.startsWith('a') ? 'type pr' : 'value pr'),
  )
  .map((path) => (path.startsWith('phone') ? path.replace(/\b(?:display|type)\b/g, 'value') : path));
const { filter } = fc.letrec<{ filter: string; leaf: string }>((tie) => ({
  leaf: fc.oneof({ weight: 3, arbitrary: term }, { weight: 1, arbitrary: inBrackets }),
  filter: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'filter' },
    tie('leaf'),
    fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map((parts) => `(${parts.join(' ')})`),
    tie('filter').map((inner) => `not (${inner})`),
  ),
}));

describe('push-down', () => {
  let user: ResourceMapping;
  before(async () => {
    ({ user } = await compilePerson(attributes, { schemas, extensions: urn }, subschema));
  });

  const rows: readonly (readonly [filter: string, ldap: string, reach: 'exact' | 'residual'])[] = [
    ['#exact eq "Ann"', '(tExact=Ann)', 'residual'],
    ['#exact co "An"', '(tExact=*An*)', 'residual'],
    ['#exact eq "a b"', '(tExact=a b)', 'residual'],
    ['#exact gt "b"', '(tExact=*)', 'residual'],
    ['#exactIgnore eq "Ann"', '(tExact=*)', 'residual'],
    ['#exactIgnore sw "An"', '(tExact=*)', 'residual'],
    ['#exactIgnore lt "b"', '(tExact=*)', 'residual'],
    ['#ignoreExact eq "7"', '(tNumber=7)', 'residual'],
    ['#ignoreExact ew "7"', '(tNumber=*7)', 'residual'],
    ['#ordered gt "b"', '(tIgnore>=b)', 'residual'],
    ['#ordered le "b"', '(tIgnore<=b)', 'residual'],
    ['#ordered gt ""', '(tIgnore=*)', 'residual'],
    ['#orderedExact gt "b"', '(tIgnore=*)', 'residual'],
    ['#number eq "7"', '(tNumber=7)', 'residual'],
    ['#number gt "7"', '(tNumber=*)', 'residual'],
    ['#nothing eq "x"', '(tNothing=*)', 'residual'],
    ['#nothing co "x"', '(tNothing=*)', 'residual'],
    ['#nothing pr', '(tNothing=*)', 'exact'],
    ['#textTime ge "2020-01-01T00:00:00Z"', '(tFileText=*)', 'residual'],
    ['#textTime ne "2020-01-01T00:00:00Z"', '(&)', 'residual'],
    ['#textTime pr', '(tFileText=*)', 'residual'],
    ['#expires pr', '(&(tFileTime>=1)(!(tFileTime>=2650467744000000000)))', 'exact'],
    ['#level eq 7', '(tInteger=7)', 'exact'],
    ['#level ne 7', '(!(tInteger=7))', 'exact'],
    ['#level gt 7', '(&(tInteger>=7)(!(tInteger=7))(tInteger<=9007199254740991))', 'exact'],
    ['#level ge 7', '(&(tInteger>=7)(tInteger<=9007199254740991))', 'exact'],
    ['#level lt 7', '(&(tInteger<=7)(!(tInteger=7))(tInteger>=-9007199254740991))', 'exact'],
    ['#level eq 7.5', '(|)', 'exact'],
    ['#level gt 7.5', '(tInteger=*)', 'residual'],
    ['#level pr', '(tInteger=*)', 'residual'],
    ['#levels eq 7', '(tIntegers=7)', 'exact'],
    ['#levels ne 7', '(&)', 'residual'],
    ['#levels gt 7', '(tIntegers>=7)', 'residual'],
    ['#textLevel eq 7', '(tLabel=7)', 'residual'],
    ['#textLevel gt 7', '(tLabel=*)', 'residual'],
    ['#textLevel pr', '(tLabel=*)', 'residual'],
    ['#score eq 7.5', '(tLabel=*)', 'residual'],
    ['#score lt 7.5', '(tLabel=*)', 'residual'],
    ['#fixed eq 7', '(&)', 'exact'],
    ['#fixed gt 6', '(&)', 'exact'],
    ['#fixed ne 7', '(|)', 'exact'],
    ['#flag eq true', '(tBoolean=TRUE)', 'residual'],
    ['#flag ne true', '(&)', 'residual'],
    ['#flag pr', '(tBoolean=*)', 'exact'],
    ['#flagOr eq true', '(!(tBoolean=FALSE))', 'exact'],
    ['#flagOr eq false', '(tBoolean=FALSE)', 'exact'],
    ['#flagOr pr', '(&)', 'exact'],
    ['#since eq "2026-01-01T00:00:00Z"', '(&(tTime>=20260101000000Z)(!(tTime>=20260101000000.001Z)))', 'exact'],
    ['#since pr', '(tTime=*)', 'exact'],
    ['#times ge "2026-01-01T00:00:00Z"', '(&)', 'residual'],
    ['#firstTime ge "2026-01-01T00:00:00Z"', '(&)', 'residual'],
    ['#kind eq "FULL"', '(tKind=f)', 'exact'],
    ['#kind eq "other"', '(!(|(tKind=f)(tKind=h)))', 'exact'],
    ['#kind ne "half"', '(!(&(tKind=h)(!(tKind=f))))', 'exact'],
    ['#kind pr', '(&)', 'exact'],
    ['#kind co "f"', '(&)', 'residual'],
    ['#kinds eq "full"', '(tKind=f)', 'exact'],
    ['#kinds eq "x"', '(|)', 'exact'],
    ['#kinds ne "full"', '(&)', 'residual'],
    ['#kinds pr', '(|(tKind=f)(tKind=h))', 'exact'],
    ['#tags eq "a"', '(scimRole=a)', 'exact'],
    ['#tags ne "a"', '(&)', 'residual'],
    ['#tags sw "a"', '(scimRole=a*)', 'exact'],
    ['#computed eq "x"', '(&)', 'residual'],
    ['#computed pr', '(&)', 'residual'],
    ['#boss eq "uid=a,dc=b"', '(manager=uid=a,dc=b)', 'residual'],
    ['#boss co "a"', '(manager=*)', 'residual'],
    ['#octets eq "YQ=="', '(tOctets=*)', 'residual'],
    ['nickName eq "nick"', '(&)', 'exact'],
    ['nickName ne "nick"', '(|)', 'exact'],
    ['nickName pr', '(&)', 'exact'],
    ['nickName gt "a"', '(&)', 'exact'],
    ['name.formatted eq "x"', '(&)', 'residual'],
    ['name pr', '(&)', 'residual'],
    ['roles eq "member"', '(&)', 'exact'],
    ['roles.type eq "x"', '(|)', 'exact'],
    ['roles[type eq "base" and value sw "m"]', '(&)', 'exact'],
    ['addresses.country eq "de"', '(|(postalAddress=*)(l=*))', 'exact'],
    ['addresses[country eq "de" and locality eq "x"]', '(l=x)', 'residual'],
    ['phoneNumbers[not (value eq "1")]', '(telephoneNumber=*)', 'residual'],
    ['emails[type eq "home" and display eq "x"]', '(tLabel=x)', 'residual'],
    ['emails[primary eq true and type eq "work"]', '(mail=*)', 'residual'],
    ['schemas eq "urn:test:1.0:User"', '(&)', 'exact'],
  ];
  for (const [text, ldap, reach] of rows) {
    it(text, () => {
      const bounds = planFilter(filterFor(user, text.replace(/#/g, `${urn}:`)), user, noReferences);
      assert.deepEqual([printLdapFilter(bounds.upper), isExact(bounds) ? 'exact' : 'residual'], [ldap, reach]);
    });
  }

  it('bounds hold for whatever an entry holds', () => {
    fc.assert(
      fc.property(filter, fc.array(entry, { minLength: 3, maxLength: 8 }), (text, entries) => {
        const resolved = filterFor(user, text);
        const bounds = planFilter(resolved, user, noReferences);
        for (const each of entries) {
          const holds = evaluateFilter(resolved, resourceOf(user, each));
          const within = {
            lower: matches(bounds.lower, each, subschema),
            upper: matches(bounds.upper, each, subschema),
          };
          const told = `${text}\n${printLdapFilter(bounds.upper)}\n${JSON.stringify(resourceOf(user, each))}\n${describeEntry(each)}`;
          if (within.lower) assert.ok(holds, `lower bound too wide: ${printLdapFilter(bounds.lower)}\n${told}`);
          if (holds) assert.ok(within.upper, `upper bound too narrow: ${told}`);
          if (isExact(bounds)) assert.equal(within.upper, holds, `not exact: ${told}`);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function describeEntry({ attributes }: LdapEntry): string {
  return JSON.stringify(Object.fromEntries([...attributes].map(([name, values]) => [name, values.map(String)])));
}

describe('bounds', () => {
  const items = fc.constantFrom<LdapFilter>(
    present('cn'),
    equality('cn', 'ann'),
    equality('sn', 'b'),
    substrings('cn', { any: ['n'] }),
    greaterOrEqual('tInteger', '5'),
    // Undefined for every entry.
    greaterOrEqual('cn', 'a'),
    equality('tInteger', 'x'),
  );
  const entries = fc
    .record({ cn: list(word), sn: list(word), tInteger: list(fc.constantFrom('1', '7'), 1) })
    .map((attributes) => entryOf(attributes));
  /** A truth that stands for SCIM, and bounds of it. */
  const leaf = fc.tuple(items, items).map(([a, b]) => {
    const lower = and(a, b);
    const upper = or(a, b);
    return { bounds: { lower, upper } satisfies FilterBounds, holds: (each: LdapEntry) => isTrue(a, each) };
  });
  type Bounded = { readonly bounds: FilterBounds; readonly holds: (entry: LdapEntry) => boolean };
  const { tree } = fc.letrec<{ tree: Bounded }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      leaf,
      fc.tuple(tie('tree'), tie('tree')).map(
        ([a, b]): Bounded => ({
          bounds: andBounds([a.bounds, b.bounds]),
          holds: (each) => a.holds(each) && b.holds(each),
        }),
      ),
      fc.tuple(tie('tree'), tie('tree')).map(
        ([a, b]): Bounded => ({
          bounds: orBounds([a.bounds, b.bounds]),
          holds: (each) => a.holds(each) || b.holds(each),
        }),
      ),
      tie('tree').map((a): Bounded => ({ bounds: notBounds(a.bounds), holds: (each) => !a.holds(each) })),
    ),
  }));
  const isTrue = (item: LdapFilter, each: LdapEntry) => matchFilter(item, each, subschema) === true;

  it('stay bounds under and, or and not', () => {
    // Undefined is for those who make bounds: `not` of it matches nobody.
    const defined = (item: LdapFilter, each: LdapEntry) => matchFilter(item, each, subschema) !== undefined;
    fc.assert(
      fc.property(tree, entries, ({ bounds, holds }, each) => {
        fc.pre(defined(bounds.upper, each) && defined(bounds.lower, each));
        if (isTrue(bounds.lower, each)) assert.ok(holds(each));
        if (holds(each)) assert.ok(isTrue(bounds.upper, each));
      }),
      { numRuns: 3000 },
    );
  });

  it('are exact where both say the same', () => {
    assert.ok(isExact({ lower: equality('CN', 'a'), upper: equality('cn', 'a') }));
    assert.ok(isExact(notBounds({ lower: not(present('cn')), upper: not(present('cn')) })));
    assert.ok(!isExact({ lower: equality('cn', 'a'), upper: equality('cn', 'A') }));
  });

  it('know entries by their id', () => assert.equal(entryOf({}).first('entryUUID'), someId));
});
