import { createHash, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { tokenHashes } from '../auth/credential.ts';
import type { TenantConfig } from './gateway-config.ts';

const derive = promisify<string, Buffer, number, { N: number; maxmem: number }, Buffer>(scrypt);

/**
 * The key that signs a tenant's cursors, 32 octets: the same for replicas of the same configuration, so that any of them
 * takes a walk further, another one for each tenant, and of nothing that a single client knows. It changes with the
 * secrets; cursors out then are refused, and their walks begin again. Slow on purpose (a tenth of a second, once):
 * whoever has a cursor could otherwise try passwords of the directory against its signature. A configuration without secrets gets a random key.
 */
export async function deriveCursorSecret({ name, directory, credentials }: TenantConfig): Promise<Buffer> {
  const { bind, tls } = directory;
  const key = bind === undefined ? '' : 'dn' in bind ? bind.password.reveal() : (tls.key?.reveal() ?? '');
  const hashes = tokenHashes(credentials).toSorted();
  if (key === '' && hashes.length === 0) return randomBytes(32);
  const salt = createHash('sha256')
    .update(`scim-ldap cursors ${JSON.stringify([name, ...hashes])}`)
    .digest();
  return await derive(key, salt, 32, { N: 32_768, maxmem: 64 * 1024 * 1024 });
}
