import type { ClientProfile } from '../scim/profile.ts';

/** Who sent a request, as far as the rest of the gateway cares. */
export interface Principal {
  /** Name of the credential in the gateway file: goes to log and audit. */
  readonly name: string;
  readonly profile: ClientProfile;
}
