// What the tests of the SCIM side share: resource types, and an assertion on errors.
import assert from 'node:assert/strict';
import { ScimError, type ScimType } from '../../src/scim/error.ts';
import { coreGroup } from '../../src/scim/schema/core-group.ts';
import { coreUser } from '../../src/scim/schema/core-user.ts';
import { defineSchema } from '../../src/scim/schema/define-attribute.ts';
import { enterpriseUser } from '../../src/scim/schema/enterprise-user.ts';
import type { ResourceType } from '../../src/scim/schema/schema.ts';

export const core = coreUser.id;
export const enterprise = enterpriseUser.id;

export const userType: ResourceType = {
  name: 'User',
  description: 'Person',
  endpoint: '/Users',
  schema: coreUser,
  extensions: [{ schema: enterpriseUser, required: false }],
};

export const groupType: ResourceType = {
  name: 'Group',
  description: '',
  endpoint: '/Groups',
  schema: coreGroup,
  extensions: [],
};

export const device = 'urn:example:Device';
export const warranty = 'urn:example:extension:2.0:Warranty';

/** What the standard schemas lack: every type, immutable and required parts, a required extension, `request`. */
export const deviceType: ResourceType = {
  name: 'Device',
  description: 'Device',
  endpoint: '/Devices',
  schema: defineSchema(device, 'Device', '', [
    { name: 'serial', required: true, mutability: 'immutable', caseExact: true },
    { name: 'slots', type: 'integer' },
    { name: 'weight', type: 'decimal' },
    { name: 'bought', type: 'dateTime' },
    { name: 'key', type: 'binary' },
    { name: 'tags', multiValued: true },
    { name: 'secret', returned: 'request' },
    {
      name: 'model',
      subAttributes: [
        { name: 'maker', mutability: 'immutable' },
        { name: 'year', type: 'integer' },
        { name: 'pin', mutability: 'writeOnly' },
      ],
    },
    {
      name: 'ports',
      multiValued: true,
      subAttributes: [
        { name: 'value', required: true },
        { name: 'type' },
        { name: 'labels', multiValued: true },
        { name: 'note', returned: 'request' },
        { name: 'number', type: 'integer', returned: 'always' },
      ],
    },
  ]),
  extensions: [
    {
      schema: defineSchema(warranty, 'Warranty', '', [
        { name: 'until', type: 'dateTime', required: true },
        { name: 'by' },
      ]),
      required: true,
    },
  ],
};

/** Runs `action` and holds its ScimError against what is expected. */
export function assertRefused(action: () => unknown, scimType: ScimType, detail?: RegExp, status = 400): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof ScimError, String(error));
    assert.deepEqual([error.status, error.scimType], [status, scimType], error.detail);
    if (detail !== undefined) assert.match(error.detail, detail);
    return true;
  });
}

/** As `deviceType`, but the extension is optional and `tags` is required. */
export const taggedType: ResourceType = {
  ...deviceType,
  schema: {
    ...deviceType.schema,
    attributes: deviceType.schema.attributes.map((each) => (each.name === 'tags' ? { ...each, required: true } : each)),
  },
  extensions: deviceType.extensions.map(({ schema }) => ({ schema, required: false })),
};
