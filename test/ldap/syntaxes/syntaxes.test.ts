import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseLdapBoolean, printLdapBoolean } from '../../../src/ldap/syntaxes/boolean.ts';
import { compareLdapIntegers, isLdapInteger } from '../../../src/ldap/syntaxes/integer.ts';
import { parsePostalAddress, printPostalAddress } from '../../../src/ldap/syntaxes/postal-address.ts';
import { findSyntax, isValidValue } from '../../../src/ldap/syntaxes/syntaxes.ts';

const ARC = '1.3.6.1.4.1.1466.115.121.1';

describe('syntaxes', () => {
  const table: readonly (readonly [oid: string, valid: readonly string[], invalid: readonly string[]])[] = [
    [`${ARC}.7`, ['TRUE', 'FALSE'], ['true', '', '1']],
    [`${ARC}.11`, ['DE', 'us'], ['D', 'DEU', '', 'é1']],
    [`${ARC}.12`, ['', 'cn=a,dc=b'], ['a', 'cn=a,']],
    [`${ARC}.15`, ['a', 'é', ' '], ['']],
    [`${ARC}.24`, ['20260101000000Z'], ['2026', '']],
    [`${ARC}.26`, ['a@b', ''], ['é']],
    [`${ARC}.27`, ['0', '-5', '123456789012345678901234567890'], ['', '-0', '007', '+1', '1.0', ' 1']],
    [`${ARC}.14`, ['mhs $ telephone', 'ANY'], ['', 'foo', 'mhs $']],
    [`${ARC}.41`, ['a$b', '', '\\24$\\5c'], ['\\zz', 'a\\']],
    [`${ARC}.34`, ['cn=a', "cn=a#'0101'B"], ["a#'01'B", 'a']],
    [`${ARC}.36`, ['12 34'], ['', '12a']],
    [`${ARC}.38`, ['cn', '2.5.4.3'], ['', '2.', 'a b']],
    [`${ARC}.40`, ['', 'x'], []],
    [`${ARC}.44`, ["Az 09'()+,-./:=?"], ['', 'a_b', 'é']],
    [`${ARC}.50`, ['+1 (555) 12-34'], ['', 'é', '_', '@']],
    ['1.3.6.1.1.16.1', ['0E984725-c51c-4bf4-9960-e1c80e27aba0'], ['', '0e984725c51c4bf49960e1c80e27aba0', 'g']],
    ['9.9.9', ['', 'anything'], []],
  ];
  for (const [oid, valid, invalid] of table) {
    it(`${findSyntax(oid)?.name ?? 'an unknown syntax'} takes what is its own`, () => {
      for (const text of valid) assert.equal(isValidValue(oid, Buffer.from(text)), true, text);
      for (const text of invalid) assert.equal(isValidValue(oid, Buffer.from(text)), false, text);
    });
  }

  it('know text from octets', () => {
    assert.deepEqual(
      [`${ARC}.15`, `${ARC}.28`, `${ARC}.40`, '9.9.9'].map((oid) => findSyntax(oid)?.text),
      [true, false, false, undefined],
    );
    assert.equal(isValidValue(`${ARC}.15`, Buffer.from([0xff])), false);
    assert.equal(isValidValue(`${ARC}.40`, Buffer.from([0xff])), true);
  });
});

describe('Boolean', () => {
  it('is in capitals', () => {
    assert.deepEqual(['TRUE', 'FALSE', 'True', ''].map(parseLdapBoolean), [true, false, undefined, undefined]);
    assert.deepEqual([true, false].map(printLdapBoolean), ['TRUE', 'FALSE']);
  });
});

describe('INTEGER', () => {
  it('orders as numbers do, at any length', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        assert.ok(isLdapInteger(String(a)));
        assert.equal(Math.sign(compareLdapIntegers(String(a), String(b))), a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

describe('Postal Address', () => {
  for (const [text, lines] of [
    ['1234 Main St.$Anytown, CA 12345$USA', ['1234 Main St.', 'Anytown, CA 12345', 'USA']],
    ['\\241,000,000 Sweepstakes$PO Box \\5c7', ['$1,000,000 Sweepstakes', 'PO Box \\7']],
    ['a$$b', ['a', '', 'b']],
    ['a\\b\\25', ['a\\b\\25']],
  ] as const) {
    it(`reads ${text}`, () => assert.deepEqual(parsePostalAddress(text), lines));
  }

  it('reads back what it prints', () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('$', '\\', '2', '4', '5', 'C', 'a') }), { minLength: 1 });
    fc.assert(fc.property(lines, (any) => assert.deepEqual(parsePostalAddress(printPostalAddress(any)), any)));
  });
});
