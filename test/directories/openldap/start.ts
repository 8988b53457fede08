// Runs the recipe as a local slapd on loopback, as an ordinary user. It installs nothing (see launch.ts).

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, findFreePort } from '../loopback.ts';
import { readIfThere, runServer } from '../server-process.ts';
import { findLayout, type OpenLdap, type OpenLdapOptions, runScript, serverUser, writeRecipe } from './recipe.ts';

/** Loading 100,000 users takes about 15 s on two cores, a million some minutes. */
export const startLimitMs = 600_000;

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

  const log = (): string => readIfThere(join(dir, 'slapd.log'));
  const pid = (): number => Number(readIfThere(join(dir, 'slapd.pid')));
  const keep = options.dir !== undefined;
  const args = [`${url}/ ${ldapsUrl}/`, ...(keep ? ['keep'] : [])];
  const server = runServer({ dir, user: serverUser, script: runScript, args, keep }, log);
  // The log tells our slapd from another one that may hold the port.
  const untilAnswering = (logged: number): Promise<void> =>
    server.untilUp(async () => {
      if (pid() !== 0 && !isAlive(pid())) throw new Error(`slapd ended while it started\n${log().slice(-2000)}`);
      return log().includes('slapd starting', logged) && (await answers(url));
    }, startLimitMs);

  try {
    await untilAnswering(0);
  } catch (error) {
    await server.stop();
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
    stop: server.stop,
    log,
    restart: async (between) => {
      await server.say('halt');
      while (pid() !== 0) await sleep(10);
      await between?.();
      const logged = log().length;
      await server.say('start');
      await untilAnswering(logged);
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
