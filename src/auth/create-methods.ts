// Credentials -> methods of authentication. Pure: the same for the whole gateway or for one tenant's own list.
import { accessTokens } from './access-token.ts';
import { staticTokens } from './bearer.ts';
import { type Credential, credentialsWith } from './credential.ts';
import type { AuthenticationMethod } from './method.ts';

export function createMethods(credentials: readonly Credential[]): readonly AuthenticationMethod[] {
  const tokens = credentialsWith(credentials, 'bearer').flatMap(({ name, profile, method }) =>
    method.tokens.map((token) => ({ ...token, principal: { name, profile } })),
  );
  return tokens.length === 0 ? [] : [accessTokens([staticTokens(tokens)])];
}
