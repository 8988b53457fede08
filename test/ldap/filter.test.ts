import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LdapSyntaxError } from '../../src/ldap/errors.ts';
import {
  and,
  equalFilters,
  equality,
  filterAttributes,
  greaterOrEqual,
  isMatchAll,
  isMatchNone,
  type LdapFilter,
  lessOrEqual,
  matchAll,
  matchNone,
  not,
  or,
  present,
  substrings,
} from '../../src/ldap/filter.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';
import { printLdapFilter } from '../../src/ldap/print-filter.ts';

const a = present('a');
const b = equality('b', 'x');
const c = equality('c', 'y');

describe('filter constructors', () => {
  const table: readonly (readonly [text: string, filter: LdapFilter, expected: string])[] = [
    ['and of nothing', and(), '(&)'],
    ['or of nothing', or(), '(|)'],
    ['and of one', and(a), '(a=*)'],
    ['or of one', or(a), '(a=*)'],
    ['and flattens and', and(and(a, b), c), '(&(a=*)(b=x)(c=y))'],
    ['or flattens or', or(a, or(b, c)), '(|(a=*)(b=x)(c=y))'],
    ['and keeps or', and(or(a, b), c), '(&(|(a=*)(b=x))(c=y))'],
    ['true and a', and(matchAll, a), '(a=*)'],
    ['false and a', and(a, matchNone), '(|)'],
    ['true or a', or(a, matchAll), '(&)'],
    ['false or a', or(matchNone, a), '(a=*)'],
    ['not not', not(not(a)), '(a=*)'],
    ['not true', not(matchAll), '(|)'],
    ['not false', not(matchNone), '(&)'],
    ['not a', not(a), '(!(a=*))'],
    ['greater', greaterOrEqual('a', '1'), '(a>=1)'],
    ['less', lessOrEqual('a', '1'), '(a<=1)'],
    ['substrings', substrings('a', { initial: 'i', any: ['x', 'y'], final: 'f' }), '(a=i*x*y*f)'],
    ['substrings: any', substrings('a', { any: ['x'] }), '(a=*x*)'],
    ['substrings: empty parts', substrings('a', { initial: '', any: ['', 'x'], final: '' }), '(a=*x*)'],
    ['substrings: nothing', substrings('a', { any: [''] }), '(a=*)'],
  ];
  for (const [name, filter, expected] of table) {
    it(name, () => assert.equal(printLdapFilter(filter), expected));
  }

  it('knows its constants', () => {
    assert.deepEqual([matchAll, matchNone, a].map(isMatchAll), [true, false, false]);
    assert.deepEqual([matchAll, matchNone, a].map(isMatchNone), [false, true, false]);
  });

  it('names the attributes', () => {
    const filter = parseLdapFilter('(&(CN=a)(|(!(cn;lang-en=b))(uid=*))(o:dn:=x)(:2.5.13.5:=y)(sn>=z))');
    assert.deepEqual([...filterAttributes(filter)].sort(), ['cn', 'cn;lang-en', 'o', 'sn', 'uid']);
  });
});

describe('equalFilters', () => {
  const texts = [
    '(&)',
    '(|)',
    '(a=*)',
    '(b=*)',
    '(!(a=*))',
    '(a=x)',
    '(a=X)',
    '(a>=x)',
    '(a<=x)',
    '(a~=x)',
    '(a=x*)',
    '(a=*x)',
    '(a=*x*)',
    '(a=*x*x*)',
    '(a:=x)',
    '(a:dn:=x)',
    '(a:r:=x)',
    '(:r:=x)',
    '(&(a=x)(a=*))',
    '(&(a=*)(a=x))',
    '(|(a=x)(a=*))',
  ];
  it('tells all apart, and none from itself', () => {
    const [left, right] = [texts.map(parseLdapFilter), texts.map(parseLdapFilter)];
    for (const [i, one] of left.entries())
      for (const [j, other] of right.entries())
        assert.equal(equalFilters(one, other), i === j, `${texts[i]} ${texts[j]}`);
  });

  it('takes text and its octets for the same, names without case', () => {
    assert.ok(equalFilters(equality('CN', 'é'), equality('cn', Buffer.from('é'))));
  });
});

describe('printLdapFilter', () => {
  // What an attacker would want to end a value with, and what RFC 4515 s3 wants escaped.
  const table: readonly (readonly [value: string | Buffer, text: string])[] = [
    ['*', '\\2a'],
    [')(uid=*', '\\29\\28uid=\\2a'],
    ['a\\2ab', 'a\\5c2ab'],
    ['\0', '\\00'],
    ['"\'&|!<>~=', '"\'&|!<>~='],
    ['a\r\n\u0085b', 'a\\0d\\0a\\c2\\85b'],
    ['é\u{1f600}', 'é\u{1f600}'],
    [' a ', ' a '],
    ['', ''],
    [Buffer.from('é*'), 'é\\2a'],
    [Buffer.from([0x61, 0xff, 0x2a, 0x00]), 'a\\ff\\2a\\00'],
    ['\ud800', '\ufffd'],
  ];
  for (const [value, text] of table) {
    it(`escapes ${JSON.stringify(value)}`, () => {
      assert.equal(printLdapFilter(equality('a', value)), `(a=${text})`);
      const [only, ...more] = [parseLdapFilter(`(a=${text})`)];
      assert.equal(more.length, 0);
      assert.equal(only?.kind, 'equality');
    });
  }
});

describe('parseLdapFilter', () => {
  // Written as printed, unless a second text says how it prints.
  const table: readonly (readonly [text: string, printed?: string])[] = [
    ['(cn=Babs Jensen)'],
    ['(!(cn=Tim Howes))'],
    ['(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))'],
    ['(o=univ*of*mich*)'],
    ['(seeAlso=)'],
    ['(cn:caseExactMatch:=Fred Flintstone)'],
    ['(cn:=Betty Rubble)'],
    ['(sn:dn:2.4.6.8.10:=Barney Rubble)'],
    ['(o:dn:=Ace Industry)'],
    ['(:1.2.3:=Wilma Flintstone)'],
    ['(:DN:2.4.6.8.10:=Dino)', '(:dn:2.4.6.8.10:=Dino)'],
    ['(o=Parens R Us \\28for all your parenthetical needs\\29)'],
    ['(cn=*\\2A*)', '(cn=*\\2a*)'],
    ['(filename=C:\\5cMyFile)'],
    ['(bin=\\00\\00\\00\\04)'],
    ['(sn=Lu\\c4\\8di\\c4\\87)', '(sn=Lučić)'],
    ['(1.3.6.1.4.1.1466.0=\\04\\02\\48\\69)', '(1.3.6.1.4.1.1466.0=\\04\\02Hi)'],
    ['(&)'],
    ['(|)'],
    ['(2.5.4.3=x)'],
    ['(cn;lang-en;x-a=x)'],
    ['(userCertificate;binary=*)'],
    ['(cn~=x)'],
    ['(a>=1)'],
    ['(a<=1)'],
    ['(a=b=c:=d>=e)'],
    ['(a= x )'],
    [' ( & (a=1) \n\t(b=2) ) ', '(&(a=1)(b=2))'],
    ['(!(!(a=1)))'],
    ['(&(a=1))'],
    ['(a=*x)'],
    ['(a=x*)'],
    ['(a=\\ff*)'],
  ];
  for (const [text, printed = text] of table) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(printLdapFilter(parseLdapFilter(text)), printed));
  }

  const wrong: readonly (readonly [text: string, position: number])[] = [
    ['', 0],
    ['cn=a', 0],
    ['(cn=a', 5],
    ['(cn=a))', 6],
    ['(cn=a)(b=c)', 6],
    ['()', 1],
    ['(cn)', 3],
    ['(=a)', 1],
    ['(!)', 2],
    ['(!(a=1)(b=2))', 7],
    ['(&(a=1)', 7],
    ['(c n=a)', 2],
    ['(1=a)', 1],
    ['(cn;=a)', 1],
    ['(cn=a\\2)', 5],
    ['(cn=a\\zz)', 5],
    ['(cn=a**b)', 8],
    ['(cn=**)', 6],
    ['(cn>=a*)', 6],
    ['(cn:=a*)', 6],
    ['(cn=a(b)', 5],
    ['(cn=a\0)', 5],
    ['(:=a)', 1],
    ['(:dn:=a)', 1],
    ['(a:r:s:=x)', 1],
    ['(a:b=x)', 4],
    ['(a:r_:=x)', 1],
  ];
  for (const [text, position] of wrong) {
    it(`refuses ${JSON.stringify(text)} at ${position}`, () => {
      assert.throws(
        () => parseLdapFilter(text),
        (error) => {
          assert.ok(error instanceof LdapSyntaxError);
          assert.equal(error.position, position);
          return true;
        },
      );
    });
  }

  it('refuses deep nesting without running out of stack', () => {
    const nested = (depth: number): string => `${'(!'.repeat(depth)}(a=b)${')'.repeat(depth)}`;
    assert.equal(parseLdapFilter(nested(99)).kind, 'not');
    assert.throws(() => parseLdapFilter(nested(100)), LdapSyntaxError);
    assert.throws(() => parseLdapFilter('('.repeat(1_000_000)), LdapSyntaxError);
    assert.throws(() => parseLdapFilter('(&'.repeat(1_000_000)), LdapSyntaxError);
  });

  const attribute = fc.stringMatching(
    /^(?:[A-Za-z][A-Za-z0-9-]{0,5}(?:;x-[a-z]{1,3}){0,2}|[0-9](?:\.[0-9]{1,3}){1,3})$/,
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('*', '(', ')', '\\', '\0', '"', ' ', ':', '=', 'é', 'a', '5c') }),
    fc.uint8Array({ maxLength: 6 }),
  );
  const part = value.filter((any) => any.length > 0);
  const { filter } = fc.letrec<{ filter: LdapFilter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind: fc.constant('present' as const), attribute }),
      fc.record({
        kind: fc.constantFrom(
          'equality' as const,
          'greaterOrEqual' as const,
          'lessOrEqual' as const,
          'approx' as const,
        ),
        attribute,
        value,
      }),
      fc
        .record(
          {
            kind: fc.constant('substrings' as const),
            attribute,
            initial: part,
            any: fc.array(part, { maxLength: 3 }),
            final: part,
          },
          { requiredKeys: ['kind', 'attribute', 'any'] },
        )
        .filter(({ initial, any, final }) => initial !== undefined || any.length > 0 || final !== undefined),
      fc
        .record(
          {
            kind: fc.constant('extensible' as const),
            rule: fc.constantFrom('caseExactMatch', '2.5.13.5'),
            attribute,
            value,
            dnAttributes: fc.boolean(),
          },
          { requiredKeys: ['kind', 'value', 'dnAttributes'] },
        )
        .filter(({ rule, attribute: named }) => rule !== undefined || named !== undefined),
      fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('filter'), { maxLength: 3 }),
      }),
    ),
  }));

  it('reads back what was printed', () => {
    fc.assert(
      fc.property(filter, (any) => {
        const text = printLdapFilter(any);
        assert.ok(equalFilters(parseLdapFilter(text), any), text);
      }),
    );
  });
});
