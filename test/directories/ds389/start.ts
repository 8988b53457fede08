// Runs the recipe as a local ns-slapd on loopback, as an ordinary user. It installs nothing (see launch.ts).

import { mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { addEntries, readEntries, withDirectory } from '../load-ldif.ts';
import { answers, findFreePort } from '../loopback.ts';
import { readIfThere, runServer } from '../server-process.ts';
import { withAdministrator } from '../share-server.ts';
import { accounts, type Ds389, databaseEntries, runScript, writeRecipe } from './recipe.ts';

const startLimitMs = 60_000;

/** The product's own user, for it alone may read /etc/dirsrv. */
const serverUser = 'dirsrv';

export interface Ds389Options {
  /** Entries to load beside the base ones, below `ou=people` and `ou=groups`: pieces of LDIF, whole entries each. */
  readonly ldif?: Iterable<string>;
}

/** Starts a server of its own. It ends with `stop()`, or with the process that called, however that ends. */
export async function startDs389({ ldif }: Ds389Options = {}): Promise<Ds389> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-ds389-'));
  const port = await findFreePort();
  writeRecipe(dir, port, process.getuid?.() === 0 ? serverUser : userInfo().username);
  const url = `ldap://127.0.0.1:${port}`;
  const log = (): string => readIfThere(join(dir, 'log', 'errors')) + readIfThere(join(dir, 'log', 'out'));
  const server = runServer({ dir, user: serverUser, script: runScript, args: [] }, log);
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
  return { ...accounts, url, stop: server.stop, log };
}
