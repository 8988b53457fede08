// Runs the recipe as a local ns-slapd on loopback, as an ordinary user. It installs nothing (see launch.ts).

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ldapts';
import { createDirectory } from '../../../src/ldap/client/directory.ts';
import { parseLdif } from '../../../src/ldap/ldif.ts';
import { answers, findFreePort } from '../openldap/start.ts';
import { accounts, type Ds389, databaseEntries, runScript, writeRecipe } from './recipe.ts';

const startLimitMs = 60_000;

/** The product's own user, for it alone may read /etc/dirsrv. */
const serverUser = 'dirsrv';

export interface Ds389Options {
  /** Entries to load beside the base ones, below `ou=people` and `ou=groups`: pieces of LDIF, whole entries each. */
  readonly ldif?: Iterable<string>;
}

/** Starts a server of its own. It ends with `stop()`, or with the process that called, however that ends. */
export async function startDs389(options: Ds389Options = {}): Promise<Ds389> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-ds389-'));
  const isRoot = process.getuid?.() === 0;
  const port = await findFreePort();
  writeRecipe(dir, port, isRoot ? serverUser : userInfo().username);
  const url = `ldap://127.0.0.1:${port}`;

  const output = openSync(join(dir, 'log', 'run'), 'a');
  // A group of its own: Ctrl-C reaches this process alone, and run.sh learns of its end from standard input.
  const child = spawn('env', [...(isRoot ? dropPrivileges(dir) : []), 'bash', '-c', runScript, 'run.sh', dir], {
    cwd: dir,
    detached: true,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  const { stdin } = child;
  if (stdin === null) throw new Error('bash could not be started');
  // Neither the process nor the pipe to it keeps this process alive.
  child.unref();
  if (stdin instanceof Socket) stdin.unref();
  stdin.on('error', () => undefined);
  const ended = once(child, 'close');

  const log = (): string => readIfThere(join(dir, 'log', 'errors')) + readIfThere(join(dir, 'log', 'out'));
  const stop = async (): Promise<void> => {
    child.ref();
    stdin.end();
    if (child.exitCode === null && child.signalCode === null) await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const limit = Date.now() + startLimitMs;
    while (!(await answers(url))) {
      const own = readIfThere(join(dir, 'log', 'run'));
      if (child.exitCode !== null || Date.now() > limit) throw new Error(`ns-slapd did not start\n${own}${log()}`);
      await sleep(50);
    }
    await addDatabase(url);
    if (options.ldif !== undefined) await load(url, options.ldif);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...accounts, url, stop, log };
}

async function addDatabase(url: string): Promise<void> {
  const client = new Client({ url });
  try {
    await client.bind(accounts.rootDn, accounts.rootPassword);
    for (const [dn, attributes] of databaseEntries()) await client.add(dn, attributes);
  } finally {
    await client.unbind();
  }
}

/** Adds, side by side: one takes a millisecond, while the server's own import of 2.3.1 took six for each entry. */
async function load(url: string, ldif: Iterable<string>): Promise<void> {
  const { bindDn, password } = accounts;
  const directory = createDirectory({ urls: [url], bind: { dn: bindDn, password } });
  const pieces = Iterator.from(ldif);
  const addAll = async (): Promise<void> => {
    for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
      for (const record of parseLdif(next.value)) {
        if (record.kind === 'entry') await directory.add({ dn: record.dn, attributes: record.attributes });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: 16 }, addAll));
  } finally {
    await directory.close();
  }
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** As root the whole server runs as its own user, who then owns the folder. */
function dropPrivileges(dir: string): readonly string[] {
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  chownSync(dir, uid, gid);
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) chownSync(join(dir, name), uid, gid);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
}

function idOf(flag: '-u' | '-g'): number {
  return Number(spawnSync('id', [flag, serverUser], { encoding: 'utf8' }).stdout);
}
