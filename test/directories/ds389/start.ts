// Runs the recipe as a local ns-slapd on loopback, as an ordinary user. It installs nothing (see launch.ts).

import { mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../loopback.ts';
import { readIfThere, runServer } from '../server-process.ts';
import { makeDatabase } from './make-database.ts';
import { type Ds389, type Ds389Options, runScript, serverUser, template, writeRecipe } from './recipe.ts';

/** Starts a server of its own. It ends with `stop()`, or with the process that called, however that ends. */
export async function startDs389(options: Ds389Options): Promise<Ds389> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-ds389-'));
  const port = await findFreePort();
  const user = process.getuid?.() === 0 ? serverUser : userInfo().username;
  writeRecipe(dir, { serverDir: dir, host: '127.0.0.1', port, user, template });
  const log = (): string => readIfThere(join(dir, 'log', 'errors')) + readIfThere(join(dir, 'log', 'out'));
  const server = runServer({ dir, user: serverUser, script: runScript, args: [] }, log);
  return await makeDatabase({ ...server, log }, `ldap://127.0.0.1:${port}`, options);
}
