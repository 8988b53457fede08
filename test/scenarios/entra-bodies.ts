// What Entra ID sends to create users and groups.
import { urns } from '../../src/scim/urns.ts';
import { enterprise, type Identified, type ScimClient, user } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json; charset=utf-8', Accept: 'application/scim+json' };
export const strangeGroupUrn = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
export const entraSettings = { profile: 'entra', headers, mapping: '../test/scenarios/entra-roles-PRODUCT.yaml' };

export function newEntraUser(userName: string) {
  return {
    schemas: [user, enterprise],
    externalId: `ext-${userName}`,
    userName,
    active: true,
    displayName: 'Alex Wilber',
    title: null,
    emails: [{ primary: true, type: 'work', value: userName }],
    meta: { resourceType: 'User' },
    name: { formatted: 'Alex Wilber', familyName: 'Wilber', givenName: 'Alex' },
    roles: [],
    [enterprise]: { department: 'Marketing' },
  };
}

export const createEntraUser = async (client: ScimClient, userName: string): Promise<Identified> =>
  (await client.send('POST', '/Users', newEntraUser(userName), 201)) as Identified;

export const createEntraGroup = async (client: ScimClient, displayName: string): Promise<Identified> =>
  (await client.send(
    'POST',
    '/Groups',
    {
      schemas: [urns.group, strangeGroupUrn],
      externalId: `ext-${displayName}`,
      displayName,
      meta: { resourceType: 'Group' },
    },
    201,
  )) as Identified;
