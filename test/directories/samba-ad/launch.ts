// Whether this machine has a Samba that can be a domain controller: its own; else apt, for root on a Debian or Ubuntu. A
// machine without one runs the other suites, and says that it left these out.

import { installPackages, isCommand, mayInstall } from '../apt.ts';
import { withDirectory } from '../load-ldif.ts';
import { loadSample } from './load-sample.ts';
import { findCompiler, hasProvisioning, type SambaAd } from './recipe.ts';
import { startSambaAd } from './start.ts';

const packages = ['samba-ad-dc', 'samba-dsdb-modules', 'samba-ad-provision', 'openssl'];
/** A hundredth of what gcc weighs, and enough for portmap.c. */
const compilerPackages = ['tcc'];

/** Whether a samba and all that run.sh calls can be run here. */
export function hasSambaAd(): boolean {
  return hasProvisioning() && ['samba', 'openssl', 'bash'].every(isCommand) && findCompiler() !== undefined;
}

/** Installs it where it is missing and may be installed; says why where it will be missing. */
export function prepareSambaAd(say: (line: string) => void): void {
  if (hasSambaAd()) return;
  const missing = [...packages, ...(findCompiler() === undefined ? compilerPackages : [])];
  if (!mayInstall()) {
    say(`no Samba AD here: its suites are left out. On Debian or Ubuntu: apt-get install ${missing.join(' ')}`);
    return;
  }
  installPackages(missing, say);
  if (!hasSambaAd()) say('Samba AD could not be installed: its suites are left out.');
}

export interface SambaAdOptions {
  /** Made-up people and groups below a suffix, to fill a part of the tree with: pieces of LDIF, whole entries each. */
  readonly ldif: (suffix: string) => Iterable<string>;
}

/** Starts one, where this machine has it or may get it; `suffix` is the part of its tree that was filled. */
export async function launchSambaAd({ ldif }: SambaAdOptions): Promise<SambaAd> {
  prepareSambaAd((line) => process.stderr.write(`${line}\n`));
  if (!hasSambaAd())
    throw new Error(`this machine has none. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`);
  const server = await startSambaAd();
  const suffix = `OU=demo,OU=suites,${server.suffix}`;
  try {
    await withDirectory(server, (directory) => loadSample(directory, ldif(suffix), suffix, server.domain));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...server, suffix };
}
