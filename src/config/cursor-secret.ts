import { createHash, scryptSync } from 'node:crypto';
import type { GatewayConfig } from './gateway-config.ts';

/**
 * The key that signs cursors, 32 octets: the same for replicas of the same configuration, so that any of them takes a
 * walk further, and of nothing that a single client knows. It changes with the secrets; cursors out then are refused,
 * and their walks begin again. Slow on purpose (a tenth of a second, once): whoever has a cursor could otherwise try
 * passwords of the directory against its signature.
 */
export function deriveCursorSecret({ directory, credentials }: GatewayConfig): Buffer {
  const { bind } = directory;
  const key = bind !== undefined && 'dn' in bind ? bind.password.reveal() : '';
  const hashes = credentials.map(({ tokenHash }) => tokenHash.toString('hex')).sort();
  const salt = createHash('sha256').update(`scim-ldap cursors ${hashes.join()}`).digest();
  return scryptSync(key, salt, 32, { N: 32_768, maxmem: 64 * 1024 * 1024 });
}
