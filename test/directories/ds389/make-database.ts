import { addEntries, readEntries, withDirectory } from '../load-ldif.ts';
import { answers } from '../loopback.ts';
import type { ServerProcess } from '../server-process.ts';
import { withAdministrator } from '../share-server.ts';
import { accounts, type Ds389, type Ds389Options, databaseEntries } from './recipe.ts';

const startLimitMs = 60_000;

/** Waits for the server that was started, and makes it one with a database. */
export async function makeDatabase(
  server: ServerProcess & Pick<Ds389, 'log'>,
  url: string,
  { ldif }: Ds389Options,
): Promise<Ds389> {
  try {
    await server.untilUp(() => answers(url), startLimitMs);
    await withAdministrator({ url, ...accounts }, async (client) => {
      for (const [dn, attributes] of databaseEntries()) await client.add(dn, attributes);
    });
    // Side by side one takes a millisecond, while the server's own import of 2.3.1 took six for each entry.
    if (ldif !== undefined)
      await withDirectory({ url, ...accounts }, (directory) => addEntries(directory, readEntries(ldif), 16));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...accounts, url, stop: server.stop, log: server.log };
}
