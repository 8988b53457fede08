import type { CredentialMethod } from '../../auth/credential.ts';
import type { FileReader } from '../file-reader.ts';
import type { IntrospectionBlock } from '../gateway-file.ts';
import { Secret } from '../secret.ts';
import { checkIssuerUrl, toClaimRules } from './claim-rules.ts';

const secretKeys = {
  clientSecret: 'literal',
  clientSecretFile: 'file',
  clientSecretEnv: 'environment',
} as const;

/** The `introspection` of a credential. */
export function toIntrospection(
  at: readonly string[],
  block: IntrospectionBlock,
  reader: FileReader,
): CredentialMethod | undefined {
  checkIssuerUrl([...at, 'url'], block.url, reader);
  const secret = reader.readSecret(at, block, secretKeys);
  if (secret === undefined) return undefined;
  if (secret.key === 'clientSecret') {
    const hint = 'use clientSecretFile or clientSecretEnv';
    reader.report('literalSecret', 'warning', [...at, 'clientSecret'], 'a secret stands in the file', hint);
  }
  return {
    kind: 'introspection',
    url: block.url,
    clientId: block.clientId,
    clientSecret: new Secret(secret.value),
    clientAuthentication: block.clientAuthentication ?? 'basic',
    cacheSeconds: block.cacheSeconds ?? 60,
    clockSkewSeconds: block.clockSkewSeconds ?? 30,
    ...(block.issuer === undefined ? {} : { issuer: block.issuer }),
    audiences: block.audiences ?? [],
    rules: toClaimRules(block),
    proof: block.proof ?? 'none',
  };
}
