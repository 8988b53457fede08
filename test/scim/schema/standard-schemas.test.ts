import assert from 'node:assert/strict';
import { commonAttributes } from '../../../src/scim/schema/common.ts';
import type { SchemaAttribute } from '../../../src/scim/schema/schema.ts';
import { standardSchemas } from '../../../src/scim/schema/standard-schemas.ts';
import { urns } from '../../../src/scim/urns.ts';

function find(urn: string, path: string): SchemaAttribute {
  const [name, sub] = path.split('.');
  const attributes = urn === '' ? commonAttributes : standardSchemas.get(urn)!.attributes;
  const attribute = attributes.find((each) => each.name === name)!;
  return sub === undefined ? attribute : attribute.subAttributes!.find((each) => each.name === sub)!;
}

const { user, group, enterpriseUser: ent } = urns;

const characteristics: readonly [urn: string, path: string, expected: Partial<SchemaAttribute>][] = [
  [user, 'userName', { required: true, uniqueness: 'server', caseExact: false, type: 'string' }],
  [user, 'name', { type: 'complex', multiValued: false }],
  [user, 'password', { mutability: 'writeOnly', returned: 'never' }],
  [user, 'active', { type: 'boolean', required: false }],
  [user, 'profileUrl', { type: 'reference', referenceTypes: ['external'], caseExact: true }],
  [user, 'photos.value', { type: 'reference', referenceTypes: ['external'] }],
  [user, 'emails.type', { canonicalValues: ['work', 'home', 'other'] }],
  [user, 'phoneNumbers.type', { canonicalValues: ['work', 'home', 'mobile', 'fax', 'pager', 'other'] }],
  [user, 'ims.type', { canonicalValues: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'] }],
  [user, 'photos.type', { canonicalValues: ['photo', 'thumbnail'] }],
  [user, 'addresses.type', { canonicalValues: ['work', 'home', 'other'] }],
  [user, 'x509Certificates.value', { type: 'binary', caseExact: true }],
  [user, 'groups', { mutability: 'readOnly', multiValued: true }],
  [user, 'groups.value', { mutability: 'readOnly' }],
  [user, 'groups.$ref', { mutability: 'readOnly', referenceTypes: ['Group'] }],
  [user, 'groups.type', { mutability: 'readOnly', canonicalValues: ['direct', 'indirect'] }],
  [group, 'displayName', { required: true }],
  [group, 'members', { mutability: 'readWrite', multiValued: true }],
  [group, 'members.value', { mutability: 'immutable' }],
  [group, 'members.$ref', { mutability: 'immutable', referenceTypes: ['User', 'Group'] }],
  [group, 'members.type', { mutability: 'immutable', canonicalValues: ['User', 'Group'] }],
  [group, 'members.display', { mutability: 'readOnly' }],
  [ent, 'manager.value', { caseExact: true, required: false }],
  [ent, 'manager.$ref', { referenceTypes: ['User'] }],
  [ent, 'manager.displayName', { mutability: 'readOnly' }],
  ['', 'id', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }],
  ['', 'externalId', { caseExact: true, mutability: 'readWrite' }],
  ['', 'meta', { mutability: 'readOnly', returned: 'default' }],
  ['', 'meta.version', { caseExact: true, mutability: 'readOnly' }],
  ['', 'meta.resourceType', { caseExact: true }],
  ['', 'schemas', { returned: 'always', multiValued: true }],
];

describe('standard schemas', () => {
  for (const [urn, path, expected] of characteristics) {
    it(`A12 ${path} of ${urn === '' ? 'every resource' : urn}`, () => {
      const attribute = find(urn, path);
      assert.deepEqual({ ...attribute, ...expected }, attribute);
    });
  }

  const every = [...standardSchemas.values()].flatMap(({ attributes }) =>
    attributes.flatMap((attribute) => [attribute, ...(attribute.subAttributes ?? [])]),
  );

  it('has the User attributes of RFC 7643 s4.1', () => {
    assert.deepEqual(
      standardSchemas.get(user)!.attributes.map(({ name }) => name),
      [
        'userName',
        'name',
        'displayName',
        'nickName',
        'profileUrl',
        'title',
        'userType',
        'preferredLanguage',
        'locale',
        'timezone',
        'active',
        'password',
        'emails',
        'phoneNumbers',
        'ims',
        'photos',
        'addresses',
        'groups',
        'entitlements',
        'roles',
        'x509Certificates',
      ],
    );
  });

  it('has the enterprise attributes of RFC 7643 s4.3', () => {
    assert.deepEqual(
      standardSchemas.get(ent)!.attributes.map(({ name }) => name),
      ['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager'],
    );
  });

  it('A14 never has an empty canonicalValues, and describes everything', () => {
    assert.deepEqual(
      every.filter(({ canonicalValues }) => canonicalValues?.length === 0),
      [],
    );
    assert.deepEqual(
      every.filter(({ description }) => description === ''),
      [],
    );
  });

  it('A12 nests no complex attribute, and gives each complex one sub-attributes', () => {
    for (const attribute of [...standardSchemas.values()].flatMap(({ attributes }) => attributes)) {
      assert.equal(attribute.type === 'complex', attribute.subAttributes !== undefined, attribute.name);
      assert.ok(!attribute.subAttributes?.some(({ type }) => type === 'complex'), attribute.name);
    }
  });
});
