import assert from 'node:assert/strict';
import {
  resourceTypeResource,
  type ServiceProviderFeatures,
  schemaResource,
  serviceProviderConfig,
} from '../../src/scim/discovery.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { standardSchemas } from '../../src/scim/schema/standard-schemas.ts';
import { urns } from '../../src/scim/urns.ts';
import { core, deviceType, enterprise, groupType, userType } from './sample.ts';

const baseUrl = 'https://scim.example.com/scim/v2';
const features: ServiceProviderFeatures = {
  baseUrl,
  filter: { maxResults: 200 },
  patch: true,
  bulk: { supported: false, maxOperations: 100, maxPayloadSize: 1_048_576 },
  sort: true,
  pagination: { defaultPageSize: 100, maxPageSize: 1000, cursorTimeout: 600 },
  etag: true,
  changePassword: false,
  authenticationSchemes: [
    { type: 'oauthbearertoken', name: 'Bearer token', description: 'A token in the Authorization header.' },
  ],
};

function walk(
  value: JsonValue | undefined,
  visit: (value: JsonValue | undefined, key: string) => void,
  key = '',
): void {
  visit(value, key);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) walk(member, visit, name);
}

describe('discovery', () => {
  it('A1, A2, R1 ServiceProviderConfig has every member with its type', () => {
    assert.deepEqual(serviceProviderConfig(features), {
      schemas: [urns.serviceProviderConfig],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 100, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 100,
        maxPageSize: 1000,
        cursorTimeout: 600,
      },
      etag: { supported: true },
      authenticationSchemes: features.authenticationSchemes,
      meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
    });
  });

  it('A6, A8 a ResourceType; its id is its name', () => {
    assert.deepEqual(resourceTypeResource(userType, baseUrl), {
      schemas: [urns.resourceType],
      id: 'User',
      name: 'User',
      description: 'Person',
      endpoint: '/Users',
      schema: core,
      schemaExtensions: [{ schema: enterprise, required: false }],
      meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/User` },
    });
  });

  it('A6 a ResourceType leaves out what is empty', () => {
    assert.deepEqual(Object.keys(resourceTypeResource(groupType, baseUrl)), [
      'schemas',
      'id',
      'name',
      'endpoint',
      'schema',
      'meta',
    ]);
  });

  it('A9, A18 a Schema is found under its URN', () => {
    const { id, meta, schemas } = schemaResource(userType.schema, baseUrl);
    assert.deepEqual([id, schemas], [core, [urns.schema]]);
    assert.deepEqual(meta, { resourceType: 'Schema', location: `${baseUrl}/Schemas/${core}` });
  });

  it('A12 characteristics of each kind of attribute', () => {
    const attributes = schemaResource(userType.schema, baseUrl)['attributes'] as readonly JsonObject[];
    const named = (name: string) => attributes.find((attribute) => attribute['name'] === name)!;
    assert.deepEqual(Object.keys(named('userName')), [
      'name',
      'type',
      'multiValued',
      'description',
      'required',
      'caseExact',
      'mutability',
      'returned',
      'uniqueness',
    ]);
    assert.deepEqual(Object.keys(named('active')), [
      'name',
      'type',
      'multiValued',
      'description',
      'required',
      'mutability',
      'returned',
      'uniqueness',
    ]);
    assert.deepEqual(Object.keys(named('emails')), [
      'name',
      'type',
      'multiValued',
      'description',
      'required',
      'mutability',
      'returned',
      'subAttributes',
    ]);
    assert.deepEqual(named('profileUrl')['referenceTypes'], ['external']);
  });

  for (const schema of [...standardSchemas.values(), deviceType.schema]) {
    it(`A14 no null, no empty array in ${schema.name}`, () => {
      walk(schemaResource(schema, baseUrl), (value, key) => {
        assert.ok(value !== null && value !== undefined, key);
        assert.ok(!(Array.isArray(value) && value.length === 0), key);
      });
    });

    it(`A12 nothing complex within complex, referenceTypes for references alone in ${schema.name}`, () => {
      walk(schemaResource(schema, baseUrl), (value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
        const { type, referenceTypes, subAttributes } = value as JsonObject;
        if (referenceTypes !== undefined) assert.equal(type, 'reference');
        for (const sub of (subAttributes ?? []) as readonly JsonObject[]) assert.notEqual(sub['type'], 'complex');
      });
    });
  }
});
