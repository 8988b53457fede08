import assert from 'node:assert/strict';
import type { BulkOperation } from '../../../src/scim/bulk/bulk.ts';
import { mapReferences, postponeReferences, referencesOf } from '../../../src/scim/bulk/bulk-references.ts';
import { ScimError } from '../../../src/scim/error.ts';
import type { JsonObject, JsonValue } from '../../../src/scim/json.ts';
import { defineSchema } from '../../../src/scim/schema/define-attribute.ts';
import type { ResourceType } from '../../../src/scim/schema/schema.ts';
import { urns } from '../../../src/scim/urns.ts';
import { core, enterprise, groupType, userType } from '../sample.ts';

const operation = (resourceType: ResourceType, data: JsonValue, method: BulkOperation['method'] = 'POST') =>
  ({ method, resourceType, data }) satisfies BulkOperation;
const patch = (resourceType: ResourceType, each: JsonObject) =>
  operation(resourceType, { schemas: [urns.patchOp], Operations: [each] }, 'PATCH');

/** With every reference in angle brackets. */
const mark = (each: BulkOperation): unknown => mapReferences(each, (reference) => `<${reference}>`);

const linkType: ResourceType = {
  name: 'Link',
  description: '',
  endpoint: '/Links',
  schema: defineSchema('urn:example:Link', 'Link', '', [
    { name: 'owner', type: 'reference', referenceTypes: ['User'] },
    { name: 'site', type: 'reference', referenceTypes: ['external'] },
    { name: 'icon', type: 'reference', referenceTypes: ['uri'] },
    {
      name: 'friends',
      multiValued: true,
      subAttributes: [{ name: 'value', type: 'reference', referenceTypes: ['User'] }],
    },
  ]),
  extensions: [],
};

describe('M12 references in bulk data', () => {
  it('stand in the values of reference attributes, and nowhere else', () => {
    assert.deepEqual(
      mark(
        operation(userType, {
          schemas: [core],
          userName: 'bulkId:a',
          emails: [{ value: 'bulkId:a', type: 'work' }],
          [enterprise]: { manager: { value: 'bulkId:a', displayName: 'bulkId:a' }, department: 'bulkId:a' },
        }),
      ),
      {
        schemas: [core],
        userName: 'bulkId:a',
        emails: [{ value: 'bulkId:a', type: 'work' }],
        [enterprise]: { manager: { value: '<bulkId:a>', displayName: 'bulkId:a' }, department: 'bulkId:a' },
      },
    );
  });

  for (const [title, type, given, expected] of [
    ['members', groupType, { members: [{ value: 'a', type: 'User' }] }, { members: [{ value: '<a>', type: 'User' }] }],
    ['any letter case', groupType, { MEMBERS: [{ VALUE: 'a' }] }, { MEMBERS: [{ VALUE: '<a>' }] }],
    ['one element without an array', groupType, { members: { value: 'a' } }, { members: { value: '<a>' } }],
    ['bare ids', groupType, { members: ['a'] }, { members: ['<a>'] }],
    ['a bare manager', userType, { [enterprise]: { manager: 'a' } }, { [enterprise]: { manager: '<a>' } }],
    ['a key with its URN', userType, { [`${enterprise}:manager`]: 'a' }, { [`${enterprise}:manager`]: '<a>' }],
    ['a core schema as key', userType, { [core]: { title: 'a' } }, { [core]: { title: 'a' } }],
    ['what is no text', groupType, { members: [7, null, { value: 7 }] }, { members: [7, null, { value: 7 }] }],
    [
      'attributes of type reference',
      linkType,
      { owner: 'a', site: 'b', icon: 'c', friends: [{ value: 'd' }] },
      { owner: '<a>', site: 'b', icon: 'c', friends: [{ value: '<d>' }] },
    ],
  ] as const) {
    it(title, () => assert.deepEqual(mark(operation(type, given)), expected));
  }

  for (const [title, type, given, expected] of [
    [
      'add members',
      groupType,
      { path: 'members', value: [{ value: 'a' }] },
      { path: 'members', value: [{ value: '<a>' }] },
    ],
    ['PATH in any case', groupType, { PATH: 'Members', VALUE: 'a' }, { PATH: 'Members', VALUE: '<a>' }],
    ['members.value', groupType, { path: 'members.value', value: 'a' }, { path: 'members.value', value: '<a>' }],
    ['members.display', groupType, { path: 'members.display', value: 'a' }, { path: 'members.display', value: 'a' }],
    [
      'filters',
      groupType,
      { path: 'members[value eq "a" or value eq "b\\"c"]' },
      { path: 'members[value eq "<a>" or value eq "<b\\"c>"]' },
    ],
    [
      'filters and what follows',
      groupType,
      { path: 'members[value eq "a"].display', value: 'b' },
      { path: 'members[value eq "<a>"].display', value: 'b' },
    ],
    ['filters of others', userType, { path: 'emails[value eq "a"]' }, { path: 'emails[value eq "a"]' }],
    [
      'a manager by its URN',
      userType,
      { path: `${enterprise}:manager`, value: 'a' },
      { path: `${enterprise}:manager`, value: '<a>' },
    ],
    [
      'an extension whole',
      userType,
      { path: enterprise, value: { manager: 'a' } },
      { path: enterprise, value: { manager: '<a>' } },
    ],
    [
      'no path',
      userType,
      { value: { [enterprise]: { manager: { value: 'a' } } } },
      { value: { [enterprise]: { manager: { value: '<a>' } } } },
    ],
    [
      'no path and Entra keys',
      userType,
      { value: { [`${enterprise}:manager.value`]: 'a' } },
      { value: { [`${enterprise}:manager.value`]: '<a>' } },
    ],
    [
      'keys with filters',
      groupType,
      { value: { 'members[value eq "a"].value': 'b' } },
      { value: { 'members[value eq "<a>"].value': '<b>' } },
    ],
    [
      'malformed paths',
      groupType,
      { path: 'members[value eq "a', value: 7 },
      { path: 'members[value eq "a', value: 7 },
    ],
    ['paths that are no text', groupType, { path: 7, value: 'a' }, { path: 7, value: 'a' }],
  ] as const) {
    it(`PATCH: ${title}`, () => {
      assert.deepEqual(mark(patch(type, given)), { schemas: [urns.patchOp], Operations: [expected] });
    });
  }

  it('whatever is no message is left as it is', () => {
    for (const data of ['x', null, [], { Operations: 7 }, { Operations: [7, null] }] as const) {
      assert.deepEqual(mark(operation(groupType, data, 'PATCH')), data);
    }
  });

  it('P13 a key of Object.prototype is a key', () => {
    const data = JSON.parse(
      '{"__proto__":{"members":[{"value":"a"}]},"members":[{"__proto__":{"value":"b"}}]}',
    ) as JsonObject;
    const mapped = mapReferences(operation(groupType, data), () => 'x');
    assert.equal(JSON.stringify(mapped), JSON.stringify(data));
    assert.equal(({} as { value?: string }).value, undefined);
  });

  it('M13 what the replacement throws comes through, out of a filter too', () => {
    for (const each of [{ path: 'members[value eq "a"]' }, { path: 'members', value: 'a' }]) {
      const refuse = () => {
        throw new ScimError(409, undefined, 'None.');
      };
      assert.throws(() => mapReferences(patch(groupType, each), refuse), ScimError);
    }
  });

  it('referencesOf names each once', () => {
    const members = ['a', 'b', 'a'].map((value) => ({ value }));
    assert.deepEqual(referencesOf(operation(groupType, { members })), ['a', 'b']);
  });
});

describe('M14 postponeReferences', () => {
  const isPostponed = (reference: string): boolean => reference === 'bulkId:x';

  for (const [title, type, given, kept, operations] of [
    [
      'elements of several',
      groupType,
      { displayName: 'g', members: [{ value: 'bulkId:x', type: 'Group' }, { value: 'a' }] },
      { displayName: 'g', members: [{ value: 'a' }] },
      [{ op: 'add', path: 'members', value: [{ value: 'bulkId:x', type: 'Group' }] }],
    ],
    [
      'one value',
      userType,
      { [enterprise]: { manager: { value: 'bulkId:x' }, department: 'D' } },
      { [enterprise]: { department: 'D' } },
      [{ op: 'add', path: `${enterprise}:manager`, value: { value: 'bulkId:x' } }],
    ],
    [
      'a bare id below a key with its URN',
      userType,
      { [`${enterprise}:manager`]: 'bulkId:x' },
      {},
      [{ op: 'add', path: `${enterprise}:manager`, value: 'bulkId:x' }],
    ],
    [
      'a key that is no attribute stays',
      groupType,
      { 'members[value eq "bulkId:x"]': 'bulkId:x' },
      { 'members[value eq "bulkId:x"]': 'bulkId:x' },
      [],
    ],
    [
      'others stay',
      groupType,
      { displayName: 'bulkId:x', members: ['a'] },
      { displayName: 'bulkId:x', members: ['a'] },
      [],
    ],
  ] as const) {
    it(title, () => {
      assert.deepEqual(postponeReferences(given, type, isPostponed), {
        data: kept,
        patch: { schemas: [urns.patchOp], Operations: operations },
      });
    });
  }
});
