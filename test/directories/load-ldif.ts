// Adds entries to a running directory, as its own account for the gateway may.

import { createDirectory } from '../../src/ldap/client/directory.ts';
import type { TlsConfig } from '../../src/ldap/client/directory-config.ts';
import { parseLdif } from '../../src/ldap/ldif.ts';
import type { AddRequest } from '../../src/ldap/operations.ts';
import type { DirectoryPort } from '../../src/ldap/port.ts';

export interface LoadTarget {
  readonly url: string;
  readonly tls?: TlsConfig;
  readonly bindDn: string;
  readonly password: string;
}

/** The entries of some LDIF, one after the other. */
export function* readEntries(ldif: Iterable<string>): Generator<AddRequest> {
  for (const piece of ldif)
    for (const record of parseLdif(piece))
      if (record.kind === 'entry') yield { dn: record.dn, attributes: record.attributes };
}

export async function withDirectory<T>(
  { url, tls, bindDn: dn, password }: LoadTarget,
  work: (directory: DirectoryPort) => Promise<T>,
): Promise<T> {
  const directory = createDirectory({ urls: [url], bind: { dn, password }, ...(tls === undefined ? {} : { tls }) });
  try {
    return await work(directory);
  } finally {
    await directory.close();
  }
}

/** `lanes` adds at a time; more than one where no entry needs one before it. */
export async function addEntries(
  directory: DirectoryPort,
  entries: Iterable<AddRequest>,
  lanes: number,
): Promise<void> {
  const rest = Iterator.from(entries);
  const addAll = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await directory.add(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, addAll));
}
