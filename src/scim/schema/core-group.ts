// The Group schema of RFC 7643 s4.2 and s8.7.1 with its errata, in own words. `displayName` is required by erratum 5368;
// `members.display` is in the prose of s2.4 and in erratum 6011, and is computed from the member.
import { urns } from '../urns.ts';
import { defineSchema } from './define-attribute.ts';
import type { Schema } from './schema.ts';

export const coreGroup: Schema = defineSchema(urns.group, 'Group', 'A set of users and groups.', [
  { name: 'displayName', required: true, description: 'Name of the group.' },
  {
    name: 'members',
    multiValued: true,
    description: 'The members of the group.',
    subAttributes: [
      { name: 'value', mutability: 'immutable', description: 'Identifier of the member.' },
      {
        name: '$ref',
        type: 'reference',
        referenceTypes: ['User', 'Group'],
        mutability: 'immutable',
        description: 'URI of the member.',
      },
      {
        name: 'type',
        canonicalValues: ['User', 'Group'],
        mutability: 'immutable',
        description: 'Resource type of the member.',
      },
      { name: 'display', mutability: 'readOnly', description: 'Name of the member.' },
    ],
  },
]);
