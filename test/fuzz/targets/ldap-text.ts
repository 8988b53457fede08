import assert from 'node:assert/strict';
import { childDn, dnKey, isWithin, parentDn, parseDn, printDn, rdnText } from '../../../src/ldap/dn.ts';
import { LdapSyntaxError } from '../../../src/ldap/errors.ts';
import { parseLdif } from '../../../src/ldap/ldif.ts';
import { parseLdapFilter } from '../../../src/ldap/parse-filter.ts';
import { printLdapFilter } from '../../../src/ldap/print-filter.ts';
import { parseAttributeType, parseObjectClass } from '../../../src/ldap/subschema/parse-definition.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** The text forms of LDAP: names, filters, LDIF and definitions of a schema, from a directory or an operator. */
export const ldapText: FuzzTarget = {
  name: 'ldap-text',
  shape: 'text',
  dictionary: [
    'cn=',
    'ou=people',
    ',dc=example,dc=com',
    '\\2c',
    '\\,',
    '\\00',
    '#0403',
    '+',
    '=',
    '\\20',
    '2.5.4.3=',
    ' ',
    '"',
    '(cn=*)',
    '(&',
    '(|',
    '(!',
    '>=',
    '<=',
    '~=',
    ':dn:2.5.13.5:=',
    '*',
    '\\2a',
    ')',
    '(objectClass=*)',
    '\\ff',
    'dn: ',
    'dn:: ',
    'changetype: modify\n',
    'add: ',
    '-\n',
    'cn:: YQ==\n',
    'cn:< file:///x\n',
    '# x\n',
    ' \n',
    '( 1.2.3 ',
    "NAME 'x' ",
    "NAME ( 'a' 'b' ) ",
    'SUP top ',
    'SYNTAX 1.2{64} ',
    'SINGLE-VALUE ',
    'MUST ( cn $ sn ) ',
    ')',
  ],
  weight: 12,
  prepare: () => (input) => {
    const text = input.toString('utf8');
    const key = dnKey(text);
    const dn = refused(() => parseDn(text));
    if (dn !== undefined) {
      assert.equal(dnKey(printDn(dn)), key, 'printed it is the same name');
      isWithin(text, parentDn(text), 'one');
    }
    // Any text as a value of a name stays one value, below where it was put.
    const child = childDn(rdnText('uid', text), 'ou=people,dc=example,dc=com');
    assert.deepEqual(parseDn(child).slice(1), parseDn('ou=people,dc=example,dc=com'));
    assert.ok(isWithin(child, 'ou=people,dc=example,dc=com', 'one') || text === '');
    const filter = refused(() => parseLdapFilter(text));
    if (filter !== undefined) assert.deepEqual(parseLdapFilter(printLdapFilter(filter)), filter);
    refused(() => parseLdif(text));
    refused(() => parseAttributeType(text));
    refused(() => parseObjectClass(text));
  },
};

function refused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof LdapSyntaxError) return undefined;
    throw error;
  }
}
