// The enterprise extension of User, RFC 7643 s4.3 and s8.7.1 with its verified errata, in own words.
import { urns } from '../urns.ts';
import { defineSchema } from './define-attribute.ts';
import type { Schema } from './schema.ts';

export const enterpriseUser: Schema = defineSchema(
  urns.enterpriseUser,
  'EnterpriseUser',
  'What an organisation keeps about a person who works for it.',
  [
    { name: 'employeeNumber', description: 'Number or code of the person in the organisation.' },
    { name: 'costCenter', description: 'Cost center.' },
    { name: 'organization', description: 'Organisation.' },
    { name: 'division', description: 'Division.' },
    { name: 'department', description: 'Department.' },
    {
      name: 'manager',
      description: 'The manager of the person.',
      subAttributes: [
        { name: 'value', caseExact: true, description: 'Identifier of the manager.' },
        { name: '$ref', type: 'reference', referenceTypes: ['User'], description: 'URI of the manager.' },
        { name: 'displayName', mutability: 'readOnly', description: 'Name of the manager.' },
      ],
    },
  ],
);
