// The attributes that every resource has, whatever its schema (RFC 7643 s3 and s3.1).
import { defineAttribute } from './define-attribute.ts';
import type { SchemaAttribute } from './schema.ts';

/** `schemas` is derived from the data that is present, so it counts as readOnly; the patch parser knows its exceptions. */
export const commonAttributes: readonly SchemaAttribute[] = [
  defineAttribute({
    name: 'schemas',
    type: 'reference',
    referenceTypes: ['uri'],
    multiValued: true,
    required: true,
    caseExact: false,
    mutability: 'readOnly',
    returned: 'always',
    description: 'URNs of the schemas whose attributes are present.',
  }),
  defineAttribute({
    name: 'id',
    required: true,
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
    description: 'Identifier given by this server. It never changes and is never used again.',
  }),
  defineAttribute({
    name: 'externalId',
    caseExact: true,
    description: 'Identifier given by the provisioning client.',
  }),
  defineAttribute({
    name: 'meta',
    mutability: 'readOnly',
    description: 'What the server knows about the resource itself.',
    subAttributes: [
      { name: 'resourceType', caseExact: true, description: 'Name of the resource type.' },
      { name: 'created', type: 'dateTime', description: 'When the resource came into being.' },
      { name: 'lastModified', type: 'dateTime', description: 'When the resource last changed.' },
      { name: 'location', type: 'reference', referenceTypes: ['uri'], description: 'URI of the resource.' },
      { name: 'version', caseExact: true, description: 'Entity tag of the present state.' },
    ],
  }),
];
