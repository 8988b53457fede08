// Runs the recipe in a container, on a machine that has a Docker engine and no slapd.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { answers } from '../loopback.ts';
import { debianLayout, type OpenLdap, type OpenLdapOptions, writeRecipe } from './recipe.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const image = 'scim-ldap-test-openldap:2';
const serverDir = '/recipe';
/** The first start may load a large LDIF. */
const startLimitMs = 180_000;
const ldapPort = 3389;
const ldapsPort = 3636;

/** Builds the image, or finds it built: the first time takes about half a minute, longer than a test may. */
export async function buildOpenLdapImage(): Promise<GenericContainer> {
  return await GenericContainer.fromDockerfile(here).build(image, { deleteOnExit: false });
}

/** Same as `startOpenLdap` in start.ts; `pid()` is 0, and the ports are the engine's choice (`port` is not obeyed). */
export async function startOpenLdapContainer(options: OpenLdapOptions = {}): Promise<OpenLdap> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-slapd-'));
  const removeDir = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const accounts = await writeRecipe(dir, serverDir, debianLayout, options);
    let logged = '';
    const container = await (await buildOpenLdapImage())
      .withExposedPorts(ldapPort, ldapsPort)
      .withCopyDirectoriesToContainer([{ source: dir, target: serverDir }])
      .withLogConsumer((stream) => {
        stream.on('data', (chunk: Buffer | string) => {
          logged += String(chunk);
        });
      })
      .withWaitStrategy(Wait.forLogMessage('slapd starting'))
      .withStartupTimeout(startLimitMs)
      .start();
    const readBack = async (name: string): Promise<string> => {
      const file = join(dir, name.replaceAll('/', '-'));
      writeFileSync(file, await runIn(container, ['cat', `${serverDir}/${name}`]), { mode: 0o600 });
      return file;
    };
    const say = async (word: 'halt' | 'start'): Promise<void> => {
      await runIn(container, ['bash', '-c', `echo ${word} >>${serverDir}/words`]);
    };
    const host = container.getHost() === 'localhost' ? '127.0.0.1' : container.getHost();
    const url = `ldap://${host}:${container.getMappedPort(ldapPort)}`;
    const untilAnswering = async (expected: boolean): Promise<void> => {
      const limit = Date.now() + startLimitMs;
      while ((await answers(url)) !== expected) {
        if (Date.now() > limit) throw new Error(`slapd did not obey in its container\n${logged.slice(-2000)}`);
        await sleep(50);
      }
    };
    await untilAnswering(true);
    return {
      ...accounts,
      url,
      ldapsUrl: `ldaps://${host}:${container.getMappedPort(ldapsPort)}`,
      caFile: await readBack('tls/ca.pem'),
      clientCertFile: await readBack('tls/client.pem'),
      clientKeyFile: await readBack('tls/client.key'),
      pid: () => 0,
      stop: async () => {
        await container.stop();
        removeDir();
      },
      restart: async (between) => {
        await say('halt');
        await untilAnswering(false);
        await between?.();
        await say('start');
        await untilAnswering(true);
      },
      log: () => logged,
    };
  } catch (error) {
    removeDir();
    throw error;
  }
}

async function runIn(container: StartedTestContainer, command: string[]): Promise<string> {
  const { output, exitCode } = await container.exec(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed in the container: ${output}`);
  return output;
}
