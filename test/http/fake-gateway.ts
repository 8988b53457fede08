import type { Gateway, RequestContext } from '../../src/gateway/gateway.ts';
import type { ScimRequest, ScimResponse } from '../../src/scim/request.ts';
import { coreGroup } from '../../src/scim/schema/core-group.ts';
import { coreUser } from '../../src/scim/schema/core-user.ts';
import { enterpriseUser } from '../../src/scim/schema/enterprise-user.ts';
import type { ResourceType } from '../../src/scim/schema/schema.ts';

export interface FakeGateway extends Gateway {
  readonly calls: { readonly request: ScimRequest; readonly context: RequestContext }[];
}

/** Answers everything with 200 and what it was asked, unless a test says otherwise. */
export function fakeGateway(answer: Answer = echo): FakeGateway {
  const calls: { request: ScimRequest; context: RequestContext }[] = [];
  return {
    resourceTypes: [
      userType,
      { name: 'Group', description: '', endpoint: '/Groups', schema: coreGroup, extensions: [] },
    ],
    schemas: [coreUser, coreGroup, enterpriseUser],
    limits: { defaultCount: 10, maxCount: 50, maxScan: 1000, cursorSeconds: 600, maxOperations: 20 },
    calls,
    async run(request, context) {
      calls.push({ request, context });
      return await answer(request, context);
    },
    ping: () => Promise.resolve(),
    tellState: () => undefined,
    close: () => Promise.resolve(),
  };
}

export type Answer = (request: ScimRequest, context: RequestContext) => Promise<ScimResponse> | ScimResponse;

const userType: ResourceType = {
  name: 'User',
  description: 'A person',
  endpoint: '/Users',
  schema: coreUser,
  extensions: [{ schema: enterpriseUser, required: false }],
};

const statuses = {
  create: 201,
  read: 200,
  search: 200,
  searchAll: 200,
  replace: 200,
  patch: 200,
  delete: 204,
} as const;

const echo: Answer = (request, context) => {
  const status = statuses[request.operation];
  if (request.operation === 'delete') return { status };
  const id = 'id' in request ? request.id : 'new';
  const body = { operation: request.operation, id };
  if (request.operation === 'search' || request.operation === 'searchAll') return { status, body };
  const location = `${context.baseUrl}${request.resourceType.endpoint}/${encodeURIComponent(id)}`;
  return { status, body, location, version: '7' };
};
