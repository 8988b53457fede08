// A credential of the gateway file as the methods of authentication want it: secrets read, defaults filled in.
import type { ClientProfile } from '../scim/profile.ts';
import type { StaticToken } from './bearer.ts';
import type { ResourceRule } from './claims.ts';
import type { CertificateSettings } from './client-certificate.ts';
import type { IntrospectionSettings } from './introspection.ts';
import type { JwtSettings } from './jwt.ts';

export interface Credential {
  readonly name: string;
  readonly profile: ClientProfile;
  readonly method: CredentialMethod;
}

/** One member for each method; `create-methods.ts` makes what runs of it. */
export type CredentialMethod =
  | { readonly kind: 'bearer'; readonly tokens: readonly StaticToken[] }
  | ({ readonly kind: 'jwt' } & JwtSettings)
  | ({ readonly kind: 'introspection' } & IntrospectionSettings)
  | ({ readonly kind: 'certificate' } & CertificateSettings);

/** Of the tokens that the gateway file knows, in hexadecimal: what may stand for one credential only. */
export function tokenHashes(credentials: readonly Credential[]): readonly string[] {
  return credentialsWith(credentials, 'bearer').flatMap(({ method }) =>
    method.tokens.map(({ tokenHash }) => tokenHash.toString('hex')),
  );
}

/** How the callers of a credential are found among the resources, where they are. */
export function resourceRule({ method }: Credential): ResourceRule | undefined {
  return 'rules' in method ? method.rules.resource : undefined;
}

/** The credentials that have this method. */
export function credentialsWith<Kind extends CredentialMethod['kind']>(
  credentials: readonly Credential[],
  kind: Kind,
): readonly (Credential & { readonly method: Extract<CredentialMethod, { kind: Kind }> })[] {
  return credentials.filter(
    (credential): credential is Credential & { readonly method: Extract<CredentialMethod, { kind: Kind }> } =>
      credential.method.kind === kind,
  );
}
