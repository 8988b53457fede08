// Chooses how this machine gets an OpenLDAP: its own slapd; else apt, for root on a Debian or Ubuntu; else a container;
// else an error that says what to install. TEST_LAUNCHER=container asks for the container, to try that way.

import { spawnSync } from 'node:child_process';
import { installPackages, isCommand, mayInstall } from '../apt.ts';
import { findLayout, type OpenLdap, type OpenLdapOptions } from './recipe.ts';
import { startOpenLdap } from './start.ts';

export type Launcher = 'local' | 'container';

const packages = ['slapd', 'ldap-utils', 'openssl'];

/** Whether a slapd and all that run.sh calls can be run here. */
export function hasLocalOpenLdap(): boolean {
  return findLayout() !== undefined && ['slapd', 'slapadd', 'openssl', 'bash'].every(isCommand);
}

/** Installs OpenLDAP where it is missing and may be installed. Throws where this machine can have none. */
export function prepareOpenLdap(say: (line: string) => void): Launcher {
  if (process.env['TEST_LAUNCHER'] === 'container') return 'container';
  if (hasLocalOpenLdap()) return 'local';
  if (mayInstall()) {
    if (!installPackages(packages, say)) throw new Error('apt-get failed');
    if (hasLocalOpenLdap()) return 'local';
  }
  if (spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0) return 'container';
  throw new Error(
    'The tests need an OpenLDAP server and this machine has none. One of these helps:\n' +
      `  - as root, on Debian or Ubuntu:  apt-get install --no-install-recommends ${packages.join(' ')}\n` +
      '  - a running Docker engine that this user may talk to',
  );
}

/** Starts an OpenLDAP by whichever way this machine has. */
export async function launchOpenLdap(options: OpenLdapOptions = {}): Promise<OpenLdap> {
  const launcher = prepareOpenLdap((line) => process.stderr.write(`${line}\n`));
  switch (launcher) {
    case 'local':
      return await startOpenLdap(options);
    case 'container': {
      // Loaded here only: it takes half a second and most machines never need it.
      const { startOpenLdapContainer } = await import('./container.ts');
      return await startOpenLdapContainer(options);
    }
  }
}
