// Which resource a caller is: a search of the gateway itself, by an attribute that the operator named and a value that the
// issuer or the directory vouches for.
import { LRUCache } from 'lru-cache';
import type { FindResource, ResourceRule } from '../auth/claims.ts';
import type { ResourceIdentity } from '../auth/principal.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { ScimError } from '../scim/error.ts';
import { isJsonObject, type JsonValue } from '../scim/json.ts';
import { parseSearch } from '../scim/parse-request.ts';
import { interop } from '../scim/profile.ts';
import type { ScimRequest } from '../scim/request.ts';

const keptMilliseconds = 60_000;
const mostKept = 10_000;
/** No name of a person is longer; a filter could be. */
const longestValue = 1024;

export function createFindResource(gateway: Gateway): FindResource {
  const kept = new LRUCache<string, { readonly found: ResourceIdentity | undefined }>({
    max: mostKept,
    ttl: keptMilliseconds,
  });
  return async (type, attribute, value) => {
    if (value === '' || value.length > longestValue) return undefined;
    if (attribute === 'id') return { type, id: value };
    const key = JSON.stringify([type, attribute, value]);
    const known = kept.get(key);
    if (known !== undefined) return known.found;
    const found = await search(gateway, type, attribute, value);
    kept.set(key, { found });
    return found;
  };
}

async function search(
  gateway: Gateway,
  type: string,
  attribute: string,
  value: string,
): Promise<ResourceIdentity | undefined> {
  const request = toSearch(gateway, type, attribute, value);
  const signal = AbortSignal.timeout(10_000);
  const { body } = await gateway.run(request, {
    baseUrl: '',
    profile: interop,
    requestId: '',
    access: undefined,
    signal,
  });
  const list: JsonValue = body?.['Resources'] ?? [];
  const [only, ...others] = [list].flat();
  const id = isJsonObject(only) ? only['id'] : undefined;
  return typeof id === 'string' && others.length === 0 ? { type, id } : undefined;
}

/** The value is a JSON string in the filter (RFC 7644 s3.4.2.2), so that nothing in it can be more than a value. */
function toSearch(gateway: Gateway, type: string, attribute: string, value: string): ScimRequest {
  const resourceType = gateway.resourceTypes.find(({ name }) => name === type);
  if (resourceType === undefined) throw new ScimError(500, undefined, `There is no resource type ${type}.`);
  const parameters = [
    ['filter', `${attribute} eq ${JSON.stringify(value)}`],
    ['count', '2'],
    ['attributes', 'id'],
  ] as const;
  return parseSearch({ resourceType, profile: interop, parameters, limits: gateway.limits });
}

/** What is wrong with a rule, for the operator; undefined where nothing is. */
export function explainRule(gateway: Gateway, { type, attribute }: ResourceRule): string | undefined {
  if (!gateway.resourceTypes.some(({ name }) => name === type)) return `there is no resource type ${type}`;
  try {
    toSearch(gateway, type, attribute, 'x');
    return undefined;
  } catch (error) {
    return error instanceof ScimError ? error.detail : String(error);
  }
}
