// Ports of this machine, and whether a directory answers at one.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client } from 'ldapts';

/** A loopback port that nobody held a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('No loopback port is free');
  return address.port;
}

/** Whether a root DSE can be read at `url`. */
export async function answers(url: string): Promise<boolean> {
  const client = new Client({ url, connectTimeout: 2000, timeout: 2000 });
  try {
    const { searchEntries } = await client.search('', { scope: 'base', attributes: ['namingContexts'] });
    return searchEntries.length === 1;
  } catch {
    return false;
  } finally {
    await client.unbind().catch(() => undefined);
  }
}
