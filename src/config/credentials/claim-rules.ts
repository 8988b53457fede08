import type { ClaimRules } from '../../auth/claims.ts';
import type { FileReader } from '../file-reader.ts';
import type { ClaimBlock } from '../gateway-file.ts';

/** What `jwt` and `introspection` demand of a token alike. */
export function toClaimRules({ scopes, roles, rolesClaim, callerClaim, resource }: ClaimBlock): ClaimRules {
  return {
    scopes: scopes ?? [],
    roles: roles ?? [],
    rolesClaim: rolesClaim ?? 'roles',
    callerClaim: callerClaim ?? 'sub',
    ...(resource === undefined
      ? {}
      : { resource: { type: resource.type, attribute: resource.attribute ?? 'id', claim: resource.claim ?? 'sub' } }),
  };
}

/** Whoever can change what an issuer answers can make tokens. */
export function checkIssuerUrl(at: readonly string[], url: string, reader: FileReader): void {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== '') {
    reader.report('wrongValue', 'error', at, 'is no usable URL');
  } else if (parsed.protocol !== 'https:' && !isLoopback(parsed.hostname)) {
    reader.report('insecureTransport', 'error', at, 'anyone on the way can pose as the issuer', 'use https://');
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
