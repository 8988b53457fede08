import type { ClientProfile } from '../scim/profile.ts';

export interface ResourceIdentity {
  /** Name of the resource type. */
  readonly type: string;
  readonly id: string;
}

/** Who sent a request, as far as the rest of the gateway cares. */
export interface Principal {
  /** Name of the credential in the gateway file: goes to log and audit. */
  readonly name: string;
  readonly profile: ClientProfile;
  /** The resource that the caller is, where the method of authentication knows it: what `/Me` stands for. */
  readonly resource?: ResourceIdentity;
}
