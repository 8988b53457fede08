import assert from 'node:assert/strict';
import { compareOrdering, equalityKey, findEqualityKey, matchSubstrings } from '../../src/ldap/matching-rules.ts';

describe('equality rules', () => {
  // Each row: the rule, values that are all equal, values that differ from them and from each other, malformed ones.
  const table: readonly (readonly [
    rule: string,
    same: readonly string[],
    different: readonly string[],
    malformed: readonly string[],
  ])[] = [
    ['caseIgnoreMatch', ['Ab C', ' aB  c ', 'AB\u00a0C', 'ab\tc'], ['abc', 'ab d', ' ', 'strasse', 'straße'], ['']],
    ['caseIgnoreMatch', ['É', 'é', 'E\u0301'], ['e'], []],
    ['caseIgnoreMatch', ['\ufb01X', 'fix', 'ＦＩＸ'], [], []],
    ['caseExactMatch', ['Ab C', ' Ab  C '], ['ab c', 'Ab c'], ['']],
    ['caseIgnoreIA5Match', ['A@b.C', 'a@B.c'], ['a@b.d'], ['é@b.c']],
    ['caseExactIA5Match', ['/Home'], ['/home'], ['/é']],
    ['integerMatch', ['12'], ['-12', '0', '120'], ['012', '', 'x', '1.0']],
    ['booleanMatch', ['TRUE'], ['FALSE'], ['true', '']],
    ['numericStringMatch', ['12 34', '1234', ' 1 2 3 4 '], ['12345'], ['12a', '']],
    ['telephoneNumberMatch', ['+1 (555) 12-34', '+1(555)1234', '+1-(555)-12 34'], ['+1 555 1234'], ['', 'é', '_']],
    ['distinguishedNameMatch', ['cn=A\\, b,DC=x', 'CN=a\\2C B, dc=X'], ['cn=a,dc=x', ''], ['foo', 'cn=a,']],
    ['uniqueMemberMatch', ["cn=A#'01'B", "CN=a#'01'B"], ['cn=a', "cn=a#'11'B"], ['foo']],
    ['UUIDMatch', ['0E984725-C51C-4BF4-9960-E1C80E27ABA0', '0e984725-c51c-4bf4-9960-e1c80e27aba0'], [], ['foo', '']],
    [
      'generalizedTimeMatch',
      ['20260101120000Z', '202601011200Z', '20260101140000+0200'],
      ['20260101120001Z'],
      ['2026', ''],
    ],
    ['octetStringMatch', ['a'], ['A', ' a', ''], []],
    ['objectIdentifierMatch', ['inetOrgPerson', 'INETORGPERSON'], ['person', '2.5.6.6'], ['', 'a b', '2.5.']],
    ['caseIgnoreListMatch', ['Main  St$Town', 'main st $ town'], ['main st town', 'main st$town$', ''], ['\\zz']],
    ['bitStringMatch', ["'01'B"], ["'1'B"], ['01', '']],
    ['objectIdentifierFirstComponentMatch', ['2.5.4.3', "( 2.5.4.3 NAME 'cn' )"], ['2.5.4.4'], []],
    [
      'CSNMatch',
      ['20261123174018.206888Z#000000#000#00000A', '20261123174018.206888z#000000#000#00000a'],
      [],
      ['2026', ''],
    ],
  ];
  for (const [rule, same, different, malformed] of table) {
    it(`${rule}: ${JSON.stringify(same)}`, () => {
      const keys = same.map((value) => findEqualityKey(rule, value));
      assert.notEqual(keys[0], undefined);
      assert.equal(new Set(keys).size, 1);
      const others = different.map((value) => findEqualityKey(rule, value));
      assert.ok(!others.includes(undefined));
      assert.equal(new Set([keys[0], ...others]).size, others.length + 1);
      for (const value of malformed) assert.equal(findEqualityKey(rule, value), undefined, value);
    });
  }

  it('go by name in any letter case and by OID', () => {
    assert.equal(findEqualityKey('CASEIGNOREMATCH', 'A'), 'a');
    assert.equal(findEqualityKey('2.5.13.2', 'A'), 'a');
    assert.equal(findEqualityKey('caseIgnoreOrderingMatch', 'A'), undefined);
    assert.equal(findEqualityKey('noSuchMatch', 'A'), undefined);
  });

  it('refuse text that is not UTF-8', () => {
    assert.equal(findEqualityKey('caseIgnoreMatch', Buffer.from([0xff])), undefined);
    assert.equal(findEqualityKey('octetStringMatch', Buffer.from([0xff])), '\u00ff');
  });

  it('fall back on octets in equalityKey', () => {
    assert.equal(equalityKey('caseIgnoreMatch', 'A'), 'a');
    assert.equal(equalityKey('integerMatch', 'x'), equalityKey(undefined, 'x'));
    assert.notEqual(equalityKey('certificateExactMatch', 'x'), equalityKey('certificateExactMatch', 'X'));
    assert.notEqual(equalityKey(undefined, 'a'), equalityKey('caseIgnoreMatch', 'a'));
  });
});

describe('ordering rules', () => {
  // Values in ascending order.
  const table: readonly (readonly [rule: string, ascending: readonly string[]])[] = [
    ['integerOrderingMatch', ['-100', '-20', '-3', '0', '4', '30', '200', '99999999999999999999']],
    ['caseIgnoreOrderingMatch', ['a', 'A b', 'ab', 'B', 'é', '\uffef', '\u{1f600}']],
    ['caseExactOrderingMatch', ['A', 'B', 'a', 'b']],
    ['generalizedTimeOrderingMatch', ['20260101000000+0100', '20260101000000Z', '20260101000000.5Z', '2026010101Z']],
    ['numericStringOrderingMatch', ['1 0', '11', '2']],
    ['octetStringOrderingMatch', ['', 'a', 'aa', 'b']],
  ];
  for (const [rule, ascending] of table) {
    it(rule, () => {
      for (const [i, a] of ascending.entries())
        for (const [j, b] of ascending.entries())
          assert.equal(Math.sign(compareOrdering(rule, a, b) ?? Number.NaN), Math.sign(i - j), `${a} ${b}`);
    });
  }

  it('say nothing about what they do not know', () => {
    assert.equal(compareOrdering('integerOrderingMatch', '1', 'x'), undefined);
    assert.equal(compareOrdering('integerMatch', '1', '2'), undefined);
    assert.equal(compareOrdering('noSuchMatch', '1', '2'), undefined);
  });
});

describe('substring rules', () => {
  const ignore = 'caseIgnoreSubstringsMatch';
  const table: readonly (readonly [
    rule: string,
    value: string,
    initial: string | undefined,
    any: readonly string[],
    final: string | undefined,
    expected: boolean | undefined,
  ])[] = [
    [ignore, 'Babs Jensen', 'babs', [], undefined, true],
    [ignore, 'Babs Jensen', 'jensen', [], undefined, false],
    [ignore, 'Babs Jensen', undefined, [], 'JENSEN', true],
    [ignore, 'Babs Jensen', undefined, [], 'babs', false],
    [ignore, 'Babs Jensen', undefined, ['b', 'J', 's'], undefined, true],
    [ignore, 'Babs Jensen', undefined, ['j', 'b'], undefined, false],
    [ignore, 'Babs Jensen', 'Ba', ['bs'], 'sen', true],
    // Parts may not overlap.
    [ignore, 'abc', 'ab', [], 'bc', false],
    [ignore, 'abab', undefined, ['ab', 'ab'], undefined, true],
    [ignore, 'aba', undefined, ['ab', 'ba'], undefined, false],
    [ignore, 'a', 'a', [], 'a', false],
    // Spaces as OpenLDAP 2.5 counts them.
    [ignore, 'T  One', undefined, [' o'], undefined, true],
    [ignore, 'T One', 't ', [], undefined, true],
    [ignore, 'T One', 't', [], ' one', true],
    [ignore, 'T One', 't ', [], ' one', false],
    [ignore, 'One', undefined, [], ' one', false],
    [ignore, 'One', undefined, [' '], undefined, false],
    [ignore, ' One ', 'one', [], undefined, true],
    [ignore, 'One', ' o', [], undefined, true],
    [ignore, 'One', ' ', [], undefined, false],
    [ignore, 'a*b(c)', undefined, ['*B('], undefined, true],
    ['caseExactSubstringsMatch', 'Babs', 'babs', [], undefined, false],
    ['caseExactSubstringsMatch', 'Babs', 'Babs', [], undefined, true],
    ['caseIgnoreIA5SubstringsMatch', 'A@B.c', undefined, ['@b'], undefined, true],
    ['caseIgnoreIA5SubstringsMatch', 'A@B.c', undefined, ['é'], undefined, undefined],
    ['telephoneNumberSubstringsMatch', '+1 (555) 12-34', undefined, ['5)1'], '2 3-4', true],
    ['numericStringSubstringsMatch', '12 34', undefined, ['2 3 4'], undefined, true],
    ['caseIgnoreListSubstringsMatch', 'Main St$Town', undefined, ['st$t'], undefined, true],
    ['octetStringSubstringsMatch', 'aB', undefined, ['b'], undefined, false],
    ['noSuchMatch', 'a', 'a', [], undefined, undefined],
    ['caseIgnoreMatch', 'a', 'a', [], undefined, undefined],
  ];
  for (const [rule, value, initial, any, final, expected] of table) {
    it(`${rule}: ${initial ?? ''}*${any.map((part) => `${part}*`).join('')}${final ?? ''} in ${value}`, () => {
      const parts = { any, ...(initial === undefined ? {} : { initial }), ...(final === undefined ? {} : { final }) };
      assert.equal(matchSubstrings(rule, value, parts), expected);
    });
  }
});
