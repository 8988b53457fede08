import type { CredentialMethod } from '../../auth/credential.ts';
import type { JwtSettings } from '../../auth/jwt.ts';
import { createKeySet } from '../../auth/key-set.ts';
import { isJsonObject } from '../../scim/json.ts';
import type { FileReader } from '../file-reader.ts';
import type { JwtBlock } from '../gateway-file.ts';
import { checkIssuerUrl, toClaimRules } from './claim-rules.ts';

/** The `jwt` of a credential. */
export function toJwt(at: readonly string[], block: JwtBlock, reader: FileReader): CredentialMethod | undefined {
  const keys = toKeys(at, block, reader);
  if (keys === undefined) return undefined;
  return {
    kind: 'jwt',
    issuer: block.issuer,
    audiences: block.audiences,
    keys,
    algorithms: block.algorithms ?? ['RS256', 'PS256', 'ES256', 'EdDSA'],
    clockSkewSeconds: block.clockSkewSeconds ?? 30,
    rules: toClaimRules(block),
    proof: block.proof ?? 'none',
  };
}

function toKeys(at: readonly string[], block: JwtBlock, reader: FileReader): JwtSettings['keys'] | undefined {
  const { jwksUrl, jwksFile, keepKeysSeconds = 3600 } = block;
  if ((jwksUrl === undefined) === (jwksFile === undefined)) {
    reader.report('conflict', 'error', at, 'exactly one of jwksUrl and jwksFile is needed');
    return undefined;
  }
  if (jwksUrl !== undefined) {
    checkIssuerUrl([...at, 'jwksUrl'], jwksUrl, reader);
    return { url: jwksUrl, keepSeconds: keepKeysSeconds };
  }
  const text = jwksFile === undefined ? undefined : reader.readText([...at, 'jwksFile'], jwksFile);
  if (text === undefined) return undefined;
  try {
    const jwks: unknown = JSON.parse(text);
    if (!isJsonObject(jwks)) throw new Error('no object');
    createKeySet(jwks);
    return { jwks };
  } catch {
    reader.report('wrongValue', 'error', [...at, 'jwksFile'], 'the file holds no JSON Web Key Set (RFC 7517 s5)');
    return undefined;
  }
}
