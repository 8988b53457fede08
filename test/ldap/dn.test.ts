import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  childDn,
  type Dn,
  dnKey,
  firstRdn,
  isDn,
  isWithin,
  parentDn,
  parseDn,
  printDn,
  rdnText,
  rdnValue,
} from '../../src/ldap/dn.ts';
import { LdapSyntaxError } from '../../src/ldap/errors.ts';

const type = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(' ', '#', ',', '+', '"', '\\', '<', '>', ';', '=', '\0', '\n', 'a', 'é', '/', '*', '('),
  }),
);
const dn: fc.Arbitrary<Dn> = fc.array(
  fc.array(fc.record({ type, value }, { noNullPrototype: true }), { minLength: 1, maxLength: 3 }),
  {
    maxLength: 4,
  },
);

describe('parseDn, printDn', () => {
  const table: readonly (readonly [text: string, values: readonly (readonly [string, string][])[]])[] = [
    ['', []],
    ['cn=a', [[['cn', 'a']]]],
    // The examples of RFC 4514 s4.
    ['UID=jsmith,DC=example,DC=net', [[['UID', 'jsmith']], [['DC', 'example']], [['DC', 'net']]]],
    [
      'OU=Sales+CN=J.  Smith,DC=example',
      [
        [
          ['OU', 'Sales'],
          ['CN', 'J.  Smith'],
        ],
        [['DC', 'example']],
      ],
    ],
    ['CN=James \\"Jim\\" Smith\\, III,DC=net', [[['CN', 'James "Jim" Smith, III']], [['DC', 'net']]]],
    ['CN=Before\\0dAfter,DC=net', [[['CN', 'Before\rAfter']], [['DC', 'net']]]],
    ['1.3.6.1.4.1.1466.0=#04024869', [[['1.3.6.1.4.1.1466.0', 'Hi']]]],
    ['CN=Lu\\C4\\8Di\\C4\\87', [[['CN', 'Lučić']]]],
    ['cn=a\\2Cb', [[['cn', 'a,b']]]],
    ['cn=a\\,b', [[['cn', 'a,b']]]],
    ['cn=\\20 a \\20', [[['cn', '  a  ']]]],
    ['cn=a\\ ', [[['cn', 'a ']]]],
    ['cn = a , dc = b ', [[['cn', 'a']], [['dc', 'b']]]],
    ['cn=a=b', [[['cn', 'a=b']]]],
    ['cn=a#b', [[['cn', 'a#b']]]],
    ['cn=', [[['cn', '']]]],
    ['cn=,dc=b', [[['cn', '']], [['dc', 'b']]]],
    ['cn=a\u00a0', [[['cn', 'a\u00a0']]]],
  ];
  for (const [text, expected] of table) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        parseDn(text).map((rdn) => rdn.map((part) => [part.type, part.value])),
        expected,
      );
    });
  }

  it('keeps octets that are no text, and BER that is no string', () => {
    assert.deepEqual(parseDn('cn=a\\ff'), [[{ type: 'cn', value: Buffer.from([0x61, 0xff]) }]]);
    assert.deepEqual(parseDn('cn=#0101ff'), [[{ type: 'cn', value: Buffer.from([1, 1, 0xff]), ber: true }]]);
    assert.equal(printDn(parseDn('cn=#0101FF,dc=x')), 'cn=#0101ff,dc=x');
    assert.equal(printDn(parseDn('cn=a\\FF')), 'cn=a\\ff');
  });

  for (const [text, position] of [
    ['a', 1],
    ['cn', 2],
    ['=a', 0],
    ['cn=a,', 5],
    ['cn=a,,dc=b', 5],
    ['cn=a+', 5],
    ['cn=a"b', 4],
    ['cn=a;dc=b', 4],
    ['cn=<a', 3],
    ['cn=a\\', 5],
    ['cn=a\\z', 5],
    ['cn=#', 4],
    ['cn=#0', 4],
    ['cn=#04zz', 6],
    ['cn=a\0', 4],
    ['1=a', 0],
    ['c_n=a', 1],
    ['<GUID=1234>', 0],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} at ${position}`, () => {
      assert.throws(
        () => parseDn(text),
        (error) => error instanceof LdapSyntaxError && error.position === position,
      );
      assert.equal(isDn(text), false);
    });
  }

  it('reads back what it prints', () => {
    fc.assert(fc.property(dn, (any) => assert.deepEqual(parseDn(printDn(any)), any)));
  });
});

describe('rdnText', () => {
  const table: readonly (readonly [value: string, text: string])[] = [
    ['plain', 'cn=plain'],
    [' a ', 'cn=\\20a\\20'],
    [' ', 'cn=\\20'],
    ['  ', 'cn=\\20\\20'],
    ['#a#', 'cn=\\#a#'],
    ['a,dc=evil', 'cn=a\\,dc\\=evil'],
    ['a+b="c"', 'cn=a\\+b\\=\\"c\\"'],
    ['a\\,b', 'cn=a\\\\\\,b'],
    ['<a;b>', 'cn=\\<a\\;b\\>'],
    ['a\0b', 'cn=a\\00b'],
    ['a\r\nb', 'cn=a\\0d\\0ab'],
    ['é\u0085', 'cn=é\\c2\\85'],
    ['*)(uid=*', 'cn=*)(uid\\=*'],
    ['', 'cn='],
  ];
  for (const [text, expected] of table) {
    it(`escapes ${JSON.stringify(text)}`, () => assert.equal(rdnText('cn', text), expected));
  }

  it('makes exactly one RDN of any value', () => {
    fc.assert(
      fc.property(value, (any) => {
        const text = childDn(rdnText('cn', any), 'ou=people,dc=example');
        assert.equal(rdnValue(text, 'CN'), any);
        assert.equal(parentDn(text), 'ou=people,dc=example');
        assert.ok(isWithin(text, 'ou=people,dc=example', 'one'));
      }),
    );
  });
});

describe('dnKey', () => {
  const same: readonly (readonly string[])[] = [
    ['uid=a,dc=x', 'UID=A,DC=X', 'uid = a , dc = x', ' uid=a,dc=x '],
    ['cn=a\\,b,dc=x', 'cn=a\\2Cb,dc=x', 'CN=A\\2cB,dc=x'],
    ['cn=a  b', 'cn=A B', 'cn=a\\20b', 'cn=\\20a b\\20'],
    ['cn=a+uid=b,dc=x', 'UID=B + CN=A,DC=X'],
    ['cn=Éa', 'cn=éa', 'cn=\\C3\\89a', 'cn=E\u0301a'],
    ['cn=ΟΔΟΣ', 'cn=οδοσ'],
    ['cn=\uff21\uff22', 'cn=ab'],
    ['cn=#04024869', 'cn=hi', 'cn=#0C024869', 'cn=#13024869', 'cn=#16024869', 'cn=#0481024869'],
    ['cn=İx', 'cn=ix'],
    ['cn=\u0132', 'cn=ij'],
    ['cn=#0101FF', 'CN=#0101ff'],
    ['cn=\\FF', 'cn=\\ff'],
  ];
  for (const [first = '', ...others] of same) {
    for (const other of others) {
      it(`${first} is ${other}`, () => assert.equal(dnKey(other), dnKey(first)));
    }
  }

  const different: readonly (readonly [string, string])[] = [
    ['cn=a,dc=x', 'cn=a,dc=y'],
    ['cn=a\\,dc=x', 'cn=a,dc=x'],
    ['cn=a\\+b\\=c', 'cn=a+b=c'],
    ['cn=a', 'uid=a'],
    ['cn=', 'cn=\\20'],
    ['cn=\\#04024869', 'cn=#04024869'],
    ['cn=\\#0101ff', 'cn=#0101ff'],
    ['cn=\\\\ff', 'cn=\\ff'],
    ['cn=a', ''],
    ['', 'no dn'],
    ['no dn', 'NO DN'],
    // OpenLDAP 2.5 keeps these apart.
    ['cn=straße', 'cn=strasse'],
    ['cn=a\u200bb', 'cn=ab'],
    ['cn=οδος', 'cn=οδοσ'],
  ];
  for (const [a, b] of different) {
    it(`${a} is not ${b}`, () => assert.notEqual(dnKey(a), dnKey(b)));
  }

  it('is the same for every way to print a DN, and a key of its own key', () => {
    fc.assert(
      fc.property(dn, (any) => {
        const hex = any
          .map((rdn) =>
            rdn
              .toReversed()
              .map(
                (part) =>
                  `${part.type.toUpperCase()} = ${Buffer.from(part.value).toString('hex').replace(/../g, '\\$&')}`,
              )
              .join(' + '),
          )
          .join(' , ');
        const key = dnKey(printDn(any));
        assert.equal(dnKey(hex), key);
        assert.equal(dnKey(key), key);
      }),
    );
  });

  it('is linear in the length of the text', () => {
    // Any of these takes minutes where a pattern backtracks over runs.
    const long = 50_000;
    for (const text of [
      `cn=a${' '.repeat(long)}b `,
      `cn=${'a '.repeat(long)}"`,
      `cn=${' '.repeat(long)}"`,
      `${'cn=a,'.repeat(long)}"`,
      `cn=${'\\ '.repeat(long)}`,
      `cn=${'\\20'.repeat(long)}`,
      `cn=${'\u00a0'.repeat(long)}x`,
    ])
      assert.equal(typeof dnKey(text), 'string');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(dnKey(text), dnKey(text))));
  });
});

describe('relations of DNs', () => {
  it('finds parent and first RDN in any spelling', () => {
    assert.equal(parentDn('cn=a\\,b\\\\, dc=x,dc=y'), 'dc=x,dc=y');
    assert.equal(firstRdn('cn=a\\,b\\\\, dc=x,dc=y'), 'cn=a\\,b\\\\');
    assert.equal(parentDn('dc=x'), '');
    assert.equal(parentDn(''), '');
    assert.equal(childDn('dc=x', ''), 'dc=x');
  });

  it('finds values of the first RDN only', () => {
    assert.equal(rdnValue('cn=A\\2c b+uid=c,dc=x', 'CN'), 'A, b');
    assert.equal(rdnValue('cn=a+UID=c,dc=x', 'uid'), 'c');
    assert.equal(rdnValue('cn=a,dc=x', 'dc'), undefined);
    assert.equal(rdnValue('cn=\\ff', 'cn'), undefined);
    assert.equal(rdnValue('no dn', 'cn'), undefined);
    assert.equal(rdnValue('', 'cn'), undefined);
  });

  const scopes = ['base', 'one', 'subtree'] as const;
  const table: readonly (readonly [dn: string, base: string, base_: boolean, one: boolean, subtree: boolean])[] = [
    ['dc=x', 'DC=X', true, false, true],
    ['ou=a,dc=x', 'dc=x', false, true, true],
    ['cn=b,ou=a,dc=x', 'dc=x', false, false, true],
    ['cn=b,OU=a\\2cb,dc=x', 'ou=a\\,b, dc=x', false, true, true],
    ['dc=x', 'ou=a,dc=x', false, false, false],
    ['cn=a\\,dc=x', 'dc=x', false, false, false],
    ['ou=xdc=x', 'dc=x', false, false, false],
    ['cn=a+dc=x', 'dc=x', false, false, false],
    ['dc=x', '', false, true, true],
    ['cn=a,dc=x', '', false, false, true],
    ['', '', true, false, true],
    ['no dn,dc=x', 'dc=x', false, false, false],
    ['no dn', 'no dn', false, false, false],
  ];
  for (const [text, base, ...expected] of table) {
    it(`${text} below ${base || 'the root'}`, () => {
      assert.deepEqual(
        scopes.map((scope) => isWithin(text, base, scope)),
        expected,
      );
    });
  }
});
