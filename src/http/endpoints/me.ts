// `/Me` (RFC 7644 s3.11): the same operation as on the caller's own resource. The answer names that resource by its
// permanent URI, never by `/Me` (N3).
import type { Gateway } from '../../gateway/gateway.ts';
import { ScimError } from '../../scim/error.ts';
import type { ResourceType } from '../../scim/schema/schema.ts';
import type { Endpoint } from '../exchange.ts';

/** An endpoint of one resource, for whichever resource the caller is; 404 for a caller that is none (N5). */
export function onCaller(gateway: Gateway, endpoint: (gateway: Gateway, type: ResourceType) => Endpoint): Endpoint {
  const endpoints = new Map(gateway.resourceTypes.map((type) => [type.name, endpoint(gateway, type)]));
  return (exchange) => {
    const { caller, params } = exchange;
    const own = caller === undefined ? undefined : endpoints.get(caller.type);
    if (caller === undefined || own === undefined) {
      throw new ScimError(404, undefined, 'These credentials belong to no resource, so there is no /Me.');
    }
    return own({ ...exchange, params: { ...params, id: caller.id } });
  };
}
