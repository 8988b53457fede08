import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LdapEntry } from '../../src/ldap/entry.ts';
import { and, equality, type LdapFilter, not, or, substrings } from '../../src/ldap/filter.ts';
import { matches, matchFilter } from '../../src/ldap/match-filter.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';
import { parseSubschema } from '../../src/ldap/subschema/parse-subschema.ts';
import { standardSubschema } from '../../src/ldap/subschema/standard.ts';

function entry(dn: string, attributes: Readonly<Record<string, readonly string[]>>): LdapEntry {
  return new LdapEntry(
    dn,
    new Map(
      Object.entries(attributes).map(([name, values]) => [
        name.toLowerCase(),
        values.map((value) => Buffer.from(value)),
      ]),
    ),
  );
}

const person = entry('uid=t1,dc=example,dc=com', {
  objectClass: ['inetOrgPerson'],
  structuralObjectClass: ['inetOrgPerson'],
  uid: ['t1'],
  cn: ['T One', 'Second'],
  sn: ['One'],
  telephoneNumber: ['+1 (555) 12-34'],
  mail: ['A@x.org'],
  employeeNumber: ['0012'],
  postalAddress: ['Main St 1$ Some  Town'],
  'description;lang-en': ['hello'],
  jpegPhoto: ['\u0000'],
  createTimestamp: ['20261124112700Z'],
  entryUUID: ['12345678-1234-1234-1234-123456789012'],
  entryDN: ['uid=t1,dc=example,dc=com'],
  entryCSN: ['20261124112700.000000Z#000000#000#000000'],
  hasSubordinates: ['FALSE'],
});

describe('matchFilter', () => {
  // What OpenLDAP 2.5.13 answered for an entry like this one: whether a search found it, and whether its negation did.
  // U (Undefined) is what neither found.
  const openldap = `
    T (objectClass=*)
    T (objectClass=inetOrgPerson)
    T (objectClass=person)
    T (objectClass=top)
    T (objectClass=2.16.840.1.113730.3.2.2)
    F (objectClass=groupOfNames)
    U (objectClass=nosuch)
    U (objectClass=9.9.9)
    U (objectClass=i*)
    T (structuralObjectClass=person)
    U (nosuch=*)
    U (nosuch=x)
    T (description=hello)
    T (description=*)
    T (description;lang-en=hello)
    F (description;lang-de=hello)
    T (name=One)
    T (surname=one)
    T (2.5.4.4=one)
    T (cn=second)
    T (uid=*)
    F (title=*)
    F (userCertificate=*)
    T (jpegPhoto=*)
    U (jpegPhoto=x)
    U (jpegPhoto=*a*)
    U (audio=x)
    T (telephoneNumber=+1\\28555\\291234)
    T (telephoneNumber=*5\\29 12*)
    F (telephoneNumber=+1 555*)
    T (telephoneNumber=+1-\\28*)
    U (telephoneNumber=)
    U (telephoneNumber=é)
    U (telephoneNumber=_)
    U (telephoneNumber=1_*)
    F (telephoneNumber=+)
    F (mail=)
    F (homeDirectory=)
    U (uid=)
    F (description=\\20)
    F (mail=\\20)
    F (postalAddress=)
    U (postalAddress=\\5czz)
    T (mail=a@X.org)
    U (mail=é)
    U (mail=*\\c3\\a9*)
    T (employeeNumber=0012)
    F (employeeNumber=12)
    U (uid>=a)
    U (member>=a)
    T (createTimestamp>=20200101000000Z)
    T (createTimestamp>=202001010000Z)
    F (createTimestamp<=20200101000000Z)
    U (createTimestamp>=2020)
    U (createTimestamp=foo)
    U (createTimestamp=2*)
    U (entryUUID=foo)
    T (entryUUID>=00000000-0000-0000-0000-000000000000)
    U (entryCSN>=2026)
    T (entryCSN>=20260101000000.000000Z#000000#000#000000)
    T (entryDN=uid=T1, dc=example,dc=com)
    F (member=uid=x)
    F (member=)
    U (member=foo)
    U (member=uid=x*)
    F (uniqueMember=uid=x)
    U (uniqueMember=foo)
    F (manager=)
    U (title=)
    F (userPassword=x)
    F (userPassword=)
    F (homeDirectory=/x)
    U (homeDirectory=/é)
    F (preferredLanguage=é)
    U (x121Address=12a)
    F (x121Address=1 2)
    T (postalAddress=main st 1$some town)
    T (postalAddress=*town*)
    T (postalAddress=*1$some*)
    T (hasSubordinates=FALSE)
    U (hasSubordinates=false)
    F (pwdReset=TRUE)
    F (pwdAttribute=2.5.4.35)
    U (pwdAttribute=nosuch)
    U (uidNumber=01)
    U (uidNumber=x)
    F (gidNumber>=5)
    F (gidNumber>=-5)
    U (gidNumber>=+5)
    U (cn=\\ff)
    U (cn=*\\ff*)
    T (cn~=t one)
    T (cn=t*e)
    T (cn=t *e)
    T (cn=* *)
    F (sn=* *)
    F (sn=* one)
    T (cn=t* one)
    F (cn=t * one)
    T (sn=*\\20)
    F (sn=\\20*)
    T (sn= o*)
    T (sn=*e )
    T (sn=one )
    T (cn=t  one)
    F (cn=*one*one)
    T (cn:caseExactMatch:=T One)
    F (cn:caseExactMatch:=t one)
    T (:caseExactMatch:=T One)
    F (:caseExactMatch:=t one)
    U (cn:nosuchRule:=x)
    U (:nosuchRule:=x)
    T (dc:dn:=example)
    F (dc:=example)
    T (uid:dn:caseIgnoreMatch:=T1)
    U (employeeNumber:integerMatch:=12)
    U (sn:integerBitAndMatch:=3)
    T (&)
    F (|)
    T (|(nosuch=x)(uid=t1))
    U (|(nosuch=x)(uid=t2))
    F (&(nosuch=x)(uid=t2))
    U (&(nosuch=x)(uid=t1))
    U (!(nosuch=x))
    F (!(uid=t1))
    T (!(uid=t2))
  `;
  const outcomes: Readonly<Record<string, boolean | undefined>> = { T: true, F: false, U: undefined };
  for (const line of openldap.trim().split('\n')) {
    const [outcome, text] = [line.trim().slice(0, 1), line.trim().slice(2)];
    it(`${text} is ${outcomes[outcome]}`, () => {
      const filter = parseLdapFilter(text);
      assert.equal(matchFilter(filter, person, standardSubschema), outcomes[outcome]);
      assert.equal(matches(filter, person, standardSubschema), outcome === 'T');
    });
  }

  it('finds attributes with and without options', () => {
    const subject = entry('', { 'userCertificate;binary': ['x'], caCertificate: ['x'], 'cn;lang-en;x-a': ['A'] });
    const found = (text: string) => matchFilter(parseLdapFilter(text), subject, standardSubschema);
    for (const text of [
      '(userCertificate=*)',
      '(userCertificate;binary=*)',
      '(cACertificate;binary=*)',
      '(2.5.4.36=*)',
    ])
      assert.equal(found(text), true, text);
    for (const text of ['(cn=a)', '(cn;lang-en=a)', '(CN;X-A=a)', '(cn;x-a;lang-en=a)', '(name=a)', '(name;x-a=a)'])
      assert.equal(found(text), true, text);
    for (const text of ['(cn;lang-de=a)', '(cn;lang-en;x-b=a)', '(sn=a)', '(cn;x-a=b)'])
      assert.equal(found(text), false, text);
  });

  it('follows the tables of three-valued logic', () => {
    const atoms: readonly (readonly [LdapFilter, boolean | undefined])[] = [
      [equality('uid', 't1'), true],
      [equality('uid', 't2'), false],
      [equality('nosuch', 'x'), undefined],
    ];
    for (const [a, x] of atoms) {
      assert.equal(matchFilter(not(a), person, standardSubschema), x === undefined ? undefined : !x);
      for (const [b, y] of atoms) {
        const both = x === false || y === false ? false : x === undefined || y === undefined ? undefined : true;
        const either = x || y ? true : x === undefined || y === undefined ? undefined : false;
        assert.equal(matchFilter(and(a, b), person, standardSubschema), both, `${x} and ${y}`);
        assert.equal(matchFilter(or(a, b), person, standardSubschema), either, `${x} or ${y}`);
      }
    }
  });

  it('takes what would be syntax in a filter text as value', () => {
    const texts = ['*', ')(uid=*', '\\2a', '\\', 'a\0b', '"', "'", '(', '&|!', '\u{1f600}'];
    for (const text of texts) {
      const subject = entry('', { cn: [text] });
      assert.equal(matchFilter(equality('cn', text), subject, standardSubschema), true, text);
      assert.equal(matchFilter(equality('cn', text), person, standardSubschema), false, text);
      assert.equal(matchFilter(substrings('cn', { any: [text] }), subject, standardSubschema), true, text);
      assert.equal(matchFilter(substrings('cn', { any: [text] }), person, standardSubschema), false, text);
    }
  });

  it('finds every part of a value by substrings', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z*()\\é]{1,8}$/), fc.nat(8), fc.nat(8), (text, i, j) => {
        const subject = entry('', { cn: [text] });
        const [from, to] = [Math.min(i, j, text.length), Math.min(Math.max(i, j), text.length)];
        const parts = { initial: text.slice(0, from), any: [text.slice(from, to)], final: text.slice(to) };
        assert.equal(matchFilter(substrings('cn', parts), subject, standardSubschema), true);
      }),
    );
  });

  it('compiles again for another subschema', () => {
    const filter = equality('favouriteColour', 'red');
    const own = parseSubschema({
      attributeTypes: [
        "( 1.1.1 NAME 'favouriteColour' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      ],
      objectClasses: [],
    });
    const subject = entry('', { favouriteColour: ['RED'] });
    assert.equal(matchFilter(filter, subject, standardSubschema), undefined);
    assert.equal(matchFilter(filter, subject, own), true);
    assert.equal(matchFilter(filter, subject, standardSubschema), undefined);
  });

  it('takes malformed stored values for Undefined, unless another value matches', () => {
    const subject = entry('', { uidNumber: ['x', '5'] });
    assert.equal(matchFilter(equality('uidNumber', '5'), subject, standardSubschema), true);
    assert.equal(matchFilter(equality('uidNumber', '6'), subject, standardSubschema), undefined);
  });
});

describe('matchFilter on Active Directory', () => {
  // As Active Directory publishes its schema: OIDs of syntaxes in quotes, no matching rules.
  const directory = parseSubschema({
    attributeTypes: [
      "( 2.5.4.0 NAME 'objectClass' SYNTAX '1.3.6.1.4.1.1466.115.121.1.38' NO-USER-MODIFICATION )",
      "( 1.2.840.113556.1.4.782 NAME 'objectCategory' SYNTAX '1.3.6.1.4.1.1466.115.121.1.12' SINGLE-VALUE )",
      "( 1.2.840.113556.1.4.8 NAME 'userAccountControl' SYNTAX '1.3.6.1.4.1.1466.115.121.1.27' SINGLE-VALUE )",
      "( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' SYNTAX '1.3.6.1.4.1.1466.115.121.1.15' SINGLE-VALUE )",
      "( 1.2.840.113556.1.4.159 NAME 'accountExpires' SYNTAX '1.2.840.113556.1.4.906' SINGLE-VALUE )",
    ],
    objectClasses: [
      "( 2.5.6.0 NAME 'top' ABSTRACT MUST (objectClass ) )",
      "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL )",
      "( 1.2.840.113556.1.5.9 NAME 'user' SUP person STRUCTURAL )",
      "( 1.2.840.113556.1.3.30 NAME 'computer' SUP user STRUCTURAL )",
    ],
  });
  const user = entry('CN=A,CN=Users,DC=x', {
    objectClass: ['top', 'person', 'user'],
    objectCategory: ['CN=Person,CN=Schema,CN=Configuration,DC=x'],
    userAccountControl: ['514'],
    sAMAccountName: ['Babs'],
    accountExpires: ['9223372036854775807'],
  });

  for (const [text, expected] of [
    ['(&(objectCategory=person)(objectClass=user))', true],
    ['(objectCategory=user)', true],
    ['(objectCategory=CN=Person,CN=Schema,CN=Configuration,DC=x)', true],
    ['(objectCategory=computer)', false],
    ['(objectClass=computer)', false],
    ['(sAMAccountName=babs)', true],
    ['(sAMAccountName=B*S)', true],
    ['(sAMAccountName>=a)', true],
    ['(userAccountControl:1.2.840.113556.1.4.803:=2)', true],
    ['(userAccountControl:1.2.840.113556.1.4.803:=3)', false],
    ['(userAccountControl:1.2.840.113556.1.4.804:=3)', true],
    ['(userAccountControl:1.2.840.113556.1.4.804:=8)', false],
    ['(userAccountControl:1.2.840.113556.1.4.803:=x)', undefined],
    ['(accountExpires>=9223372036854775806)', true],
    ['(accountExpires<=9223372036854775806)', false],
  ] as const) {
    it(`${text} is ${expected}`, () => assert.equal(matchFilter(parseLdapFilter(text), user, directory), expected));
  }
});
