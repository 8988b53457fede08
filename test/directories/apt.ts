// Debian packages that a test run may bring along: where root runs it on a machine that has apt-get.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Whether it succeeded; apt-get itself says why not. */
export function installPackages(packages: readonly string[], say: (line: string) => void): boolean {
  say(`installing ${packages.join(', ')} with apt-get`);
  return apt('update', '-q') && apt('install', '-q', '-y', '--no-install-recommends', ...packages);
}

function apt(...args: readonly string[]): boolean {
  const { status } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

/** Whether a program is on the path, or where servers are. */
export function isCommand(name: string): boolean {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/libexec:/usr/libexec`;
  return path.split(':').some((folder) => folder !== '' && existsSync(`${folder}/${name}`));
}
