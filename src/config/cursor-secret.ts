import { createHmac } from 'node:crypto';
import type { GatewayConfig } from './gateway-config.ts';

/**
 * The key that signs cursors, 32 octets: the same for replicas of the same configuration, so that any of them takes a
 * walk further, and of nothing that a single client knows. It changes with the secrets; cursors out then are refused,
 * and their walks begin again.
 */
export function deriveCursorSecret({ directory, credentials }: GatewayConfig): Buffer {
  const { bind } = directory;
  const key = bind !== undefined && 'dn' in bind ? bind.password.reveal() : '';
  const hashes = credentials.map(({ tokenHash }) => tokenHash.toString('hex')).sort();
  return createHmac('sha256', `scim-ldap cursors ${key}`).update(hashes.join()).digest();
}
