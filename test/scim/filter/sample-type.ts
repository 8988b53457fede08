// Resource types for the tests of filters and paths: the standard ones, and one with an attribute of every type.
import { coreGroup } from '../../../src/scim/schema/core-group.ts';
import { coreUser } from '../../../src/scim/schema/core-user.ts';
import { defineSchema } from '../../../src/scim/schema/define-attribute.ts';
import { enterpriseUser } from '../../../src/scim/schema/enterprise-user.ts';
import type { ResourceType, Schema } from '../../../src/scim/schema/schema.ts';

export const enterprise = enterpriseUser.id;

/** An extension whose URN ends in a version, with an attribute of every type. */
export const sampleExtension: Schema = defineSchema('urn:example:sample:1.0', 'Sample', 'Every type.', [
  { name: 'level', type: 'integer' },
  { name: 'score', type: 'decimal' },
  { name: 'hired', type: 'dateTime' },
  { name: 'badge', type: 'binary' },
  { name: 'page', type: 'reference', referenceTypes: ['external'] },
  { name: 'code', caseExact: true },
  { name: 'tags', multiValued: true },
  { name: 'pin', mutability: 'writeOnly' },
  { name: 'answer', mutability: 'writeOnly', returned: 'request' },
  { name: 'shared' },
]);

export const otherExtension: Schema = defineSchema('urn:example:other:2.0:User', 'Other', 'For ambiguous names.', [
  { name: 'shared' },
]);

export const userType: ResourceType = {
  name: 'User',
  description: 'Person',
  endpoint: '/Users',
  schema: coreUser,
  extensions: [enterpriseUser, sampleExtension, otherExtension].map((schema) => ({ schema, required: false })),
};

export const groupType: ResourceType = {
  name: 'Group',
  description: 'Group',
  endpoint: '/Groups',
  schema: coreGroup,
  extensions: [],
};
