// The endpoints of one resource type but for searching (RFC 7644 s3.3 to s3.6): decoded parts in, gateway's answer out.
import type { Gateway } from '../../gateway/gateway.ts';
import {
  parseCreate,
  parseDelete,
  parsePatchRequest,
  parseRead,
  parseReplace,
  type RequestParts,
} from '../../scim/parse-request.ts';
import type { ScimRequest } from '../../scim/request.ts';
import type { ResourceType } from '../../scim/schema/schema.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { runRequest } from '../run-request.ts';

export function createOne(gateway: Gateway, type: ResourceType): Endpoint {
  return withBody(gateway, type, (parts) => parseCreate(parts));
}

export function readOne(gateway: Gateway, type: ResourceType): Endpoint {
  return withoutBody(gateway, type, (parts) => parseRead(parts));
}

export function replaceOne(gateway: Gateway, type: ResourceType): Endpoint {
  return withBody(gateway, type, (parts) => parseReplace(parts));
}

export function patchOne(gateway: Gateway, type: ResourceType): Endpoint {
  return withBody(gateway, type, (parts) => parsePatchRequest(parts));
}

export function deleteOne(gateway: Gateway, type: ResourceType): Endpoint {
  return withoutBody(gateway, type, (parts) => parseDelete(parts));
}

type OneParts = RequestParts & { readonly id: string };

function withoutBody(gateway: Gateway, type: ResourceType, parse: (parts: OneParts) => ScimRequest): Endpoint {
  return (exchange) => runRequest(gateway, exchange, () => parse(toParts(exchange, type)));
}

function withBody(
  gateway: Gateway,
  type: ResourceType,
  parse: (parts: OneParts & { readonly body: unknown }) => ScimRequest,
): Endpoint {
  return async (exchange) => {
    const body = await exchange.readJson();
    return await runRequest(gateway, exchange, () => parse({ ...toParts(exchange, type), body }));
  };
}

function toParts(exchange: Exchange, resourceType: ResourceType): OneParts {
  return {
    resourceType,
    // The collection's own endpoint has no id, and its parser looks for none.
    id: exchange.params['id'] ?? '',
    profile: exchange.context.profile,
    parameters: exchange.query,
    ifMatch: exchange.header('If-Match'),
    ifNoneMatch: exchange.header('If-None-Match'),
    prefer: exchange.header('Prefer'),
  };
}
