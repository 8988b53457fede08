// A credential of the gateway file as the methods of authentication want it: secrets read, defaults filled in.
import type { ClientProfile } from '../scim/profile.ts';
import type { PlacedAuthorization } from './authorization.ts';
import type { BasicSettings } from './basic.ts';
import type { StaticToken } from './bearer.ts';
import type { ClaimRules, ResourceRule } from './claims.ts';
import type { CertificateSettings } from './client-certificate.ts';
import type { HobaSettings } from './hoba.ts';
import type { IntrospectionSettings } from './introspection.ts';
import type { JwtSettings } from './jwt.ts';

export interface Credential {
  readonly name: string;
  readonly profile: ClientProfile;
  readonly method: CredentialMethod;
  /** Absent: it may do everything. */
  readonly authorization?: PlacedAuthorization;
}

/** One member for each method; `create-methods.ts` makes what runs of it. */
export type CredentialMethod =
  | { readonly kind: 'bearer'; readonly tokens: readonly StaticToken[] }
  | ({ readonly kind: 'jwt' } & JwtSettings)
  | ({ readonly kind: 'introspection' } & IntrospectionSettings)
  | ({ readonly kind: 'certificate' } & CertificateSettings)
  | ({ readonly kind: 'basic' } & BasicSettings)
  | ({ readonly kind: 'hoba' } & HobaSettings);

/** Of the tokens that the gateway file knows, in hexadecimal: what may stand for one credential only. */
export function tokenHashes(credentials: readonly Credential[]): readonly string[] {
  return credentialsWith(credentials, 'bearer').flatMap(({ method }) => hashesOf(method));
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

/** Whether some token or certificate is good for both: a hash that both have, or one issuer, audience and role for both. */
export function takesTheSame({ method: one }: Credential, { method: other }: Credential): boolean {
  switch (one.kind) {
    case 'bearer':
      return other.kind === 'bearer' && overlap(hashesOf(one), hashesOf(other));
    case 'jwt':
      return other.kind === 'jwt' && one.issuer === other.issuer && isForBoth(one, other);
    case 'introspection':
      return other.kind === 'introspection' && one.url === other.url && isForBoth(one, other);
    case 'basic':
      // Hashes with salts do not show whether two passwords are equal.
      return false;
    case 'hoba':
      // What is signed is the challenge of one of them.
      return false;
    case 'certificate':
      return other.kind === 'certificate' && overlap(markersOf(one), markersOf(other));
  }
}

function hashesOf({ tokens }: Extract<CredentialMethod, { kind: 'bearer' }>): readonly string[] {
  return tokens.map(({ tokenHash }) => tokenHash.toString('hex'));
}

/** By any of them a certificate is known. */
function markersOf({ subjects, names, fingerprints }: CertificateSettings): readonly string[] {
  return [...subjects, ...names, ...fingerprints];
}

interface IssuedTokens {
  readonly audiences: readonly string[];
  readonly rules: ClaimRules;
}

/** No audiences, roles: any. Scopes say what a token is for if they are not the same. */
function isForBoth(one: IssuedTokens, other: IssuedTokens): boolean {
  const any = (names: readonly string[], others: readonly string[]): boolean =>
    names.length === 0 || others.length === 0 || overlap(names, others);
  const sameScopes = one.rules.scopes.toSorted().join(' ') === other.rules.scopes.toSorted().join(' ');
  return sameScopes && any(one.audiences, other.audiences) && any(one.rules.roles, other.rules.roles);
}

function overlap(names: readonly string[], others: readonly string[]): boolean {
  return names.some((name) => others.includes(name));
}
