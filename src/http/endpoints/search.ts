// Searching one resource type, or all of them below the base URL itself: parameters in the URL (RFC 7644 s3.4.2) or in the body of a POST to `.search` (s3.4.3),
// for filters that are too long or too private for a URL.
import type { Gateway } from '../../gateway/gateway.ts';
import { parseSearch, parseSearchAll, type RequestParts } from '../../scim/parse-request.ts';
import type { ResourceType } from '../../scim/schema/schema.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { runRequest } from '../run-request.ts';

export function searchByGet(gateway: Gateway, type: ResourceType): Endpoint {
  return (exchange) =>
    runRequest(gateway, exchange, () => parseSearch({ ...toParts(exchange, type), limits: gateway.limits }));
}

export function searchByPost(gateway: Gateway, type: ResourceType): Endpoint {
  return async (exchange) => {
    const body = await exchange.readJson();
    const parts = { ...toParts(exchange, type), limits: gateway.limits, body };
    return await runRequest(gateway, exchange, () => parseSearch(parts));
  };
}

export function searchAllByGet(gateway: Gateway): Endpoint {
  return (exchange) => runRequest(gateway, exchange, () => parseSearchAll(toAllParts(gateway, exchange)));
}

export function searchAllByPost(gateway: Gateway): Endpoint {
  return async (exchange) => {
    const body = await exchange.readJson();
    return await runRequest(gateway, exchange, () => parseSearchAll({ ...toAllParts(gateway, exchange), body }));
  };
}

function toAllParts({ resourceTypes, limits }: Gateway, { context, query }: Exchange) {
  return { types: resourceTypes, limits, profile: context.profile, parameters: query };
}

function toParts({ context, query }: Exchange, resourceType: ResourceType): RequestParts {
  return { resourceType, profile: context.profile, parameters: query };
}
