import { createHmac } from 'node:crypto';
import type { GatewayConfig } from './gateway-config.ts';

/**
 * The key that signs cursors, 32 octets: the same for replicas of the same configuration, so that any of them takes a
 * walk further. Made of what no client knows alone: the bind password or the private key, and all tokens. With an
 * anonymous bind and a single token its holder could make cursors up, which grants nothing: they only say where a walk
 * goes on. It changes with the secrets; cursors out then are refused, and their walks begin again.
 */
export function deriveCursorSecret({ directory, credentials }: GatewayConfig): Buffer {
  const { bind, tls } = directory;
  const key = bind !== undefined && 'dn' in bind ? bind.password.reveal() : (tls.key?.reveal() ?? '');
  const hashes = credentials.map(({ tokenHash }) => tokenHash.toString('hex')).sort();
  return createHmac('sha256', `scim-ldap cursors ${key}`).update(hashes.join()).digest();
}
