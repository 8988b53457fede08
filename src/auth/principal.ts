import type { Access } from '../mapping/access.ts';
import type { JsonObject } from '../scim/json.ts';
import type { ClientProfile } from '../scim/profile.ts';

export interface ResourceIdentity {
  /** Name of the resource type. */
  readonly type: string;
  readonly id: string;
}

/** Who sent a request, as far as the rest of the gateway cares. */
export interface Principal {
  /** Name of the credential in the gateway file. */
  readonly name: string;
  /** Which one of the many callers that a credential may let in: a claim of a token, the name of a user. */
  readonly caller?: string;
  readonly profile: ClientProfile;
  /** What it may do; absent: everything. */
  readonly access?: Access;
  /** The resource that the caller is, where the method of authentication knows it: what `/Me` stands for. */
  readonly resource?: ResourceIdentity;
  /** What the token or the certificate says of the caller, verified. Names are whoever issued it: look them up as own properties only. */
  readonly claims?: JsonObject;
  readonly scopes?: readonly string[];
}

/** Who it was, for log, audit and cursors. No credential has a slash in its name, so no caller can pass for another one. */
export function clientName({ name, caller }: Principal): string {
  return caller === undefined ? name : `${name}/${caller}`;
}
