// Runs the recipe as a local slapd on loopback, as an ordinary user. It installs nothing (see launch.ts).

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ldapts';
import { findLayout, type OpenLdap, type OpenLdapOptions, runScript, writeRecipe } from './recipe.ts';

/** Loading 100,000 users takes about 15 s on two cores. */
const startLimitMs = 180_000;

const portTries = 5;

/** Starts a slapd of its own. It ends with `stop()`, or with the process that called, however that ends. */
export async function startOpenLdap(options: OpenLdapOptions = {}): Promise<OpenLdap> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Somebody else took a port between its choice and slapd's bind (errno 98, EADDRINUSE).
      if (options.port !== undefined || tries === portTries || !String(error).includes('errno=98')) throw error;
    }
  }
}

async function startOnce(options: OpenLdapOptions): Promise<OpenLdap> {
  const layout = findLayout();
  if (layout === undefined) throw new Error('slapd is not installed here');
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'scim-ldap-slapd-'));
  mkdirSync(dir, { recursive: true });
  const accounts = await writeRecipe(dir, dir, layout, options);
  const port = options.port ?? (await findFreePort());
  const tlsPort = await findFreePort();
  const url = `ldap://127.0.0.1:${port}`;
  const ldapsUrl = `ldaps://127.0.0.1:${tlsPort}`;

  const logFile = join(dir, 'slapd.log');
  const output = openSync(join(dir, 'run.log'), 'a');
  // A group of its own: Ctrl-C reaches this process alone, and run.sh learns of its end from standard input.
  const keep = options.dir === undefined ? [] : ['keep'];
  const child = spawn(
    'env',
    [...dropPrivileges(dir), 'bash', '-c', runScript, 'run.sh', dir, `${url}/ ${ldapsUrl}/`, ...keep],
    {
      cwd: dir,
      detached: true,
      stdio: ['pipe', output, output],
    },
  );
  closeSync(output);
  const { stdin } = child;
  if (stdin === null) throw new Error('bash could not be started');
  // Neither the process nor the pipe to it keeps this process alive.
  child.unref();
  if (stdin instanceof Socket) stdin.unref();
  stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));

  const log = (): string => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const pid = (): number => {
    const file = join(dir, 'slapd.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  };
  const explain = (reason: string): Error => {
    const own = existsSync(join(dir, 'run.log')) ? readFileSync(join(dir, 'run.log'), 'utf8') : '';
    return new Error(`slapd ${reason}\n${`${own}${log()}`.split('\n').slice(-15).join('\n')}`);
  };
  // The log tells our slapd from another one that may hold the port.
  const untilAnswering = async (logged: number): Promise<void> => {
    const limit = Date.now() + startLimitMs;
    while (!log().includes('slapd starting', logged) || !(await answers(url))) {
      if (child.exitCode !== null || (pid() !== 0 && !isAlive(pid()))) throw explain('ended while it started');
      if (Date.now() > limit) throw explain('did not answer in time');
      await sleep(20);
    }
  };
  const stop = async (): Promise<void> => {
    child.ref();
    stdin.end();
    if (child.exitCode === null && child.signalCode === null) await ended;
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  };

  try {
    await untilAnswering(0);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...accounts,
    url,
    ldapsUrl,
    caFile: join(dir, 'tls', 'ca.pem'),
    clientCertFile: join(dir, 'tls', 'client.pem'),
    clientKeyFile: join(dir, 'tls', 'client.key'),
    pid,
    stop,
    log,
    restart: async (between) => {
      stdin.write('halt\n');
      while (pid() !== 0) await sleep(10);
      await between?.();
      const logged = log().length;
      stdin.write('start\n');
      await untilAnswering(logged);
    },
  };
}

/** As root the whole server runs as nobody, who then owns the folder. */
function dropPrivileges(dir: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  chownSync(dir, uid, gid);
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) chownSync(join(dir, name), uid, gid);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
}

function idOf(flag: '-u' | '-g'): number {
  return Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

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

/** Whether a root DSE can be read at `url` (shared with the container launcher). */
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
