// What an issuer says about the caller, and what a credential of the gateway file demands of it. Claims are data of
// somebody else: names are looked up as own properties only, and nothing of a wrong shape is taken for something.
import { isJsonObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import type { ClientProfile } from '../scim/profile.ts';
import { type Refusal, refused } from './method.ts';
import type { Principal, ResourceIdentity } from './principal.ts';

export interface ClaimRules {
  /** All of them must be among the scopes. */
  readonly scopes: readonly string[];
  /** One of them must be among the roles. */
  readonly roles: readonly string[];
  readonly rolesClaim: string;
  /** The claim that tells the callers of this credential apart. */
  readonly callerClaim: string;
  /** How the caller is found among the resources. */
  readonly resource?: ResourceRule;
}

export interface ResourceRule {
  /** Name of the resource type. */
  readonly type: string;
  /** `id`, or an attribute by which a resource is searched. */
  readonly attribute: string;
  readonly claim: string;
}

/** The one resource whose attribute has this value; undefined where there is none, or more than one. */
export type FindResource = (type: string, attribute: string, value: string) => Promise<ResourceIdentity | undefined>;

export interface Holder {
  readonly name: string;
  readonly profile: ClientProfile;
}

/** Who the caller is, or why not. The claims must have been verified. */
export async function toPrincipal(
  { name, profile }: Holder,
  rules: ClaimRules,
  claims: JsonObject,
  findResource: FindResource,
): Promise<Principal | Refusal> {
  const scopes = scopesOf(claims);
  const missing = rules.scopes.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) {
    return {
      ...refused(`${name}: the token has not the scope ${missing.join(' ')}`, 'insufficient'),
      scopes: rules.scopes,
    };
  }
  const roles = textsOf(findClaim(claims, rules.rolesClaim));
  if (rules.roles.length > 0 && !rules.roles.some((role) => roles.includes(role))) {
    return refused(`${name}: the token has none of the roles ${rules.roles.join(', ')}`, 'insufficient');
  }
  const caller = findClaim(claims, rules.callerClaim);
  if (!isCallerName(caller)) return refused(`${name}: the claim ${rules.callerClaim} names no caller`, 'invalid');
  const key = rules.resource === undefined ? undefined : findClaim(claims, rules.resource.claim);
  const resource =
    rules.resource === undefined || typeof key !== 'string'
      ? undefined
      : await findResource(rules.resource.type, rules.resource.attribute, key);
  return { name, caller, profile, claims, scopes, ...(resource === undefined ? {} : { resource }) };
}

/** By its name, or by names with dots between them: `realm_access.roles`. */
export function findClaim(claims: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: JsonValue | undefined = claims;
  for (const name of path.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** `scope` of RFC 8693 s4.2, or `scp` of some issuers; with blanks between, or a list. */
export function scopesOf(claims: JsonObject): readonly string[] {
  return [findClaim(claims, 'scope'), findClaim(claims, 'scp')].flatMap((value) =>
    textsOf(value).flatMap((text) => text.split(' ').filter((scope) => scope !== '')),
  );
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return [value].flat().filter((each): each is string => typeof each === 'string');
}

/** Goes to log and audit: without control characters, and of a length that can be read. */
export function isCallerName(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,256}$/u.test(value);
}
