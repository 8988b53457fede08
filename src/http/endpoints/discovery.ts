// The three discovery endpoints (RFC 7644 s4). They show what the gateway really does, and are read-only; query
// parameters other than `filter` are ignored (A15).
import type { Gateway, RequestContext } from '../../gateway/gateway.ts';
import {
  type AuthenticationScheme,
  resourceTypeResource,
  schemaResource,
  serviceProviderConfig,
} from '../../scim/discovery.ts';
import { ScimError } from '../../scim/error.ts';
import { listResponse } from '../../scim/messages.ts';
import type { Resource } from '../../scim/resource.ts';
import type { Endpoint, Exchange, Reply } from '../exchange.ts';

export interface ServiceProviderOptions {
  readonly authenticationSchemes: readonly AuthenticationScheme[];
  readonly bodyBytes: number;
  readonly etag: boolean;
}

export function showServiceProviderConfig(gateway: Gateway, options: ServiceProviderOptions): Endpoint {
  const hasPassword = gateway.schemas.some((schema) => schema.attributes.some(({ name }) => name === 'password'));
  return ({ context, query }) => {
    refuseFilter(query);
    return show(
      serviceProviderConfig({
        baseUrl: context.baseUrl,
        patch: true,
        bulk: { supported: true, maxOperations: gateway.limits.maxOperations, maxPayloadSize: options.bodyBytes },
        filter: { maxResults: gateway.limits.maxCount },
        sort: true,
        pagination: {
          defaultPageSize: gateway.limits.defaultCount,
          maxPageSize: gateway.limits.maxCount,
          cursorTimeout: gateway.limits.cursorSeconds,
        },
        etag: options.etag,
        changePassword: hasPassword,
        authenticationSchemes: options.authenticationSchemes,
      }),
    );
  };
}

export function listResourceTypes(gateway: Gateway): Endpoint {
  return list((context) => gateway.resourceTypes.map((type) => resourceTypeResource(type, context.baseUrl)));
}

export function showResourceType(gateway: Gateway): Endpoint {
  return single('resource type', ({ params, context }) => {
    const type = gateway.resourceTypes.find(({ name }) => name === params['id']);
    return type === undefined ? undefined : resourceTypeResource(type, context.baseUrl);
  });
}

export function listSchemas(gateway: Gateway): Endpoint {
  return list((context) => gateway.schemas.map((schema) => schemaResource(schema, context.baseUrl)));
}

/** URNs compare without regard to case in scheme and namespace (RFC 8141 s3.1), and clients do vary them. */
export function showSchema(gateway: Gateway): Endpoint {
  return single('schema', ({ params, context }) => {
    const wanted = params['id']?.toLowerCase();
    const schema = gateway.schemas.find(({ id }) => id.toLowerCase() === wanted);
    return schema === undefined ? undefined : schemaResource(schema, context.baseUrl);
  });
}

function list(resources: (context: RequestContext) => readonly Resource[]): Endpoint {
  return ({ context, query }) => {
    refuseFilter(query);
    const all = resources(context);
    return { status: 200, body: listResponse(all, { totalResults: all.length }) };
  };
}

function single(what: string, find: (exchange: Exchange) => Resource | undefined): Endpoint {
  return (exchange) => {
    const resource = find(exchange);
    if (resource === undefined) throw new ScimError(404, undefined, `There is no such ${what}.`);
    refuseFilter(exchange.query);
    return show(resource);
  };
}

function show(resource: Resource): Reply {
  return { status: 200, body: resource };
}

function refuseFilter(query: URLSearchParams): void {
  if (query.has('filter')) throw new ScimError(403, undefined, 'Discovery endpoints cannot be filtered.');
}
