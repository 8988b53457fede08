import assert from 'node:assert/strict';
import { findEqualityKey, knowsEqualityRule } from '../../../src/ldap/matching-rules.ts';
import { standardDefinitions, standardSubschema } from '../../../src/ldap/subschema/standard.ts';
import { findSyntax } from '../../../src/ldap/syntaxes/syntaxes.ts';

describe('standardSubschema', () => {
  const { attributeTypes, objectClasses } = standardSubschema;

  it('keeps every definition, each under names of its own', () => {
    assert.equal(attributeTypes.length, standardDefinitions.attributeTypes.length);
    assert.equal(objectClasses.length, standardDefinitions.objectClasses.length);
  });

  it('refers to nothing that it lacks', () => {
    for (const type of attributeTypes) {
      if (type.superior !== undefined) assert.ok(standardSubschema.attributeType(type.superior), type.superior);
      assert.ok(findSyntax(type.syntax), `${type.names[0]}: ${type.syntax}`);
      // Certificates compare by issuer and serial number (RFC 4523), which nothing here needs.
      if (type.equality !== undefined && type.equality !== 'certificateExactMatch')
        assert.ok(knowsEqualityRule(type.equality), type.equality);
    }
    for (const { superiors, must, may } of objectClasses) {
      for (const name of superiors) assert.ok(standardSubschema.objectClass(name), name);
      for (const name of [...must, ...may]) assert.ok(standardSubschema.attributeType(name), name);
    }
  });

  for (const [name, oid, equality, singleValue] of [
    ['cn', '2.5.4.3', 'caseIgnoreMatch', false],
    ['uid', '0.9.2342.19200300.100.1.1', 'caseIgnoreMatch', false],
    ['mail', '0.9.2342.19200300.100.1.3', 'caseIgnoreIA5Match', false],
    ['displayName', '2.16.840.1.113730.3.1.241', 'caseIgnoreMatch', true],
    ['member', '2.5.4.31', 'distinguishedNameMatch', false],
    ['uniqueMember', '2.5.4.50', 'uniqueMemberMatch', false],
    ['memberUid', '1.3.6.1.1.1.1.12', 'caseExactIA5Match', false],
    ['uidNumber', '1.3.6.1.1.1.1.0', 'integerMatch', true],
    ['homeDirectory', '1.3.6.1.1.1.1.3', 'caseExactIA5Match', true],
    ['jpegPhoto', '0.9.2342.19200300.100.1.60', undefined, false],
    ['entryUUID', '1.3.6.1.1.16.4', 'UUIDMatch', true],
    ['pwdAccountLockedTime', '1.3.6.1.4.1.42.2.27.8.1.17', 'generalizedTimeMatch', true],
    ['c', '2.5.4.6', 'caseIgnoreMatch', true],
  ] as const) {
    it(`${name} is ${oid}`, () => {
      const type = standardSubschema.attributeType(name);
      assert.deepEqual([type?.oid, type?.equality, type?.singleValue], [oid, equality, singleValue]);
    });
  }

  it('says what a person must and may have', () => {
    const { must, may } = standardSubschema.allowed(['inetOrgPerson']);
    assert.deepEqual([...must].sort(), ['cn', 'objectclass', 'sn']);
    for (const name of ['uid', 'mail', 'givenname', 'manager', 'jpegphoto', 'telephonenumber', 'street', 'description'])
      assert.ok(may.has(name), name);
    assert.ok(!may.has('cn'));
    assert.ok(!may.has('member'));
  });

  it('has operational attributes that clients may not write', () => {
    for (const name of [
      'entryUUID',
      'entryCSN',
      'createTimestamp',
      'modifyTimestamp',
      'memberOf',
      'structuralObjectClass',
    ]) {
      const type = standardSubschema.attributeType(name);
      assert.ok(type?.noUserModification, name);
      assert.notEqual(type?.usage, 'userApplications');
    }
    // An administrator locks an account by writing it.
    assert.equal(standardSubschema.attributeType('pwdAccountLockedTime')?.noUserModification, false);
  });

  it('compares by its rules', () => {
    const rule = standardSubschema.attributeType('manager')?.equality ?? '';
    assert.equal(findEqualityKey(rule, 'UID=A,DC=x'), findEqualityKey(rule, 'uid=a, dc=X'));
  });
});
