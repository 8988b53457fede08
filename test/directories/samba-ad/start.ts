// Runs the recipe as a local samba on loopback, as an ordinary user. It installs nothing (see launch.ts). Making the domain
// takes some five seconds.

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, findFreePort } from '../loopback.ts';
import { readIfThere, runServer } from '../server-process.ts';
import {
  accounts,
  findCompiler,
  listensOnLoopback,
  runScript,
  type SambaAd,
  serverUser,
  writeRecipe,
} from './recipe.ts';

export const startLimitMs = 120_000;

/** Starts a server of its own. It ends with `stop()`, or with the process that called, however that ends. */
export async function startSambaAd(): Promise<SambaAd> {
  const compiler = findCompiler();
  if (compiler === undefined) throw new Error('there is no C compiler here');
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-samba-'));
  writeRecipe(dir, { serverDir: dir, interfaces: listensOnLoopback });
  const [port, tlsPort] = [await findFreePort(), await findFreePort()];
  // The last two are of the global catalog, which cannot be turned off.
  const ports = `389:${port},636:${tlsPort},3268:${await findFreePort()},3269:${await findFreePort()}`;
  const plainUrl = `ldap://127.0.0.1:${port}`;
  const log = (): string => readIfThere(join(dir, 'log', 'out'));
  const server = runServer({ dir, user: serverUser, script: runScript, args: [compiler, ports] }, log);
  try {
    await server.untilUp(() => answers(plainUrl), startLimitMs);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const tls = { ca: readFileSync(join(dir, 'tls', 'ca.pem'), 'utf8') };
  return { ...accounts, url: `ldaps://127.0.0.1:${tlsPort}`, plainUrl, tls, stop: server.stop, log };
}
