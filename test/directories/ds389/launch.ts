// Whether this machine has a 389 Directory Server: its own; else apt, for root on a Debian or Ubuntu. A machine without
// one runs the other suites, and says that it left these out.

import { existsSync } from 'node:fs';
import { installPackages, mayInstall } from '../apt.ts';
import { type Ds389, hasTemplate } from './recipe.ts';
import { type Ds389Options, startDs389 } from './start.ts';

const packages = ['389-ds-base'];
const program = '/usr/sbin/ns-slapd';

export function hasDs389(): boolean {
  return existsSync(program) && hasTemplate();
}

/** Installs it where it is missing and may be installed; says why where it will be missing. */
export function prepareDs389(say: (line: string) => void): void {
  if (hasDs389()) return;
  if (!mayInstall()) {
    say(
      `no 389 Directory Server here: its suites are left out. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`,
    );
    return;
  }
  installPackages(packages, say);
  if (!hasDs389()) say('389 Directory Server could not be installed: its suites are left out.');
}

/** Starts one, where this machine has it or may get it. */
export async function launchDs389(options: Ds389Options = {}): Promise<Ds389> {
  prepareDs389((line) => process.stderr.write(`${line}\n`));
  if (hasDs389()) return await startDs389(options);
  throw new Error(`this machine has none. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`);
}
