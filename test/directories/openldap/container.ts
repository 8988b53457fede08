// Runs the recipe in a container, on a machine that has a Docker engine and no slapd.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { debianLayout, type OpenLdap, type OpenLdapOptions, writeRecipe } from './recipe.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const image = 'scim-ldap-test-openldap:1';
const serverDir = '/recipe';
const ldapPort = 3389;
const ldapsPort = 3636;

/** Same as `startOpenLdap` in start.ts; `pid()` is 0, and the ports are the engine's choice (`port` is not obeyed). */
export async function startOpenLdapContainer(options: OpenLdapOptions = {}): Promise<OpenLdap> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-slapd-'));
  const removeDir = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const accounts = await writeRecipe(dir, serverDir, debianLayout, options);
    const built = await GenericContainer.fromDockerfile(here).build(image, { deleteOnExit: false });
    const container = await built
      .withExposedPorts(ldapPort, ldapsPort)
      .withCopyDirectoriesToContainer([{ source: dir, target: serverDir, mode: 0o666 }])
      .withWaitStrategy(Wait.forSuccessfulCommand(`grep -q 'slapd starting' ${serverDir}/slapd.log`))
      .withStartupTimeout(180_000)
      .start();
    let logged = '';
    const readBack = async (name: string): Promise<string> => {
      const file = join(dir, name.replaceAll('/', '-'));
      writeFileSync(file, await readIn(container, `${serverDir}/${name}`), { mode: 0o600 });
      return file;
    };
    const host = container.getHost() === 'localhost' ? '127.0.0.1' : container.getHost();
    return {
      ...accounts,
      url: `ldap://${host}:${container.getMappedPort(ldapPort)}`,
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
        await between?.();
        logged = await readIn(container, `${serverDir}/slapd.log`);
        await container.restart();
      },
      log: () => logged,
    };
  } catch (error) {
    removeDir();
    throw error;
  }
}

async function readIn(container: StartedTestContainer, path: string): Promise<string> {
  const { output, exitCode } = await container.exec(['cat', path]);
  if (exitCode !== 0) throw new Error(`${path} cannot be read in the container: ${output}`);
  return output;
}
