// Starts a Samba domain controller by whichever way this machine has. A machine without any runs the other suites, and
// `npm run test:prepare` says that these are left out.

import { findLauncher, launch } from '../launcher.ts';
import { withDirectory } from '../load-ldif.ts';
import { loadSample } from './load-sample.ts';
import { product, type SambaAd } from './recipe.ts';
import { startSambaAd } from './start.ts';

export function hasSambaAd(): boolean {
  return findLauncher(product) !== undefined;
}

export interface SambaAdOptions {
  /** Made-up people and groups below a suffix, to fill a part of the tree with: pieces of LDIF, whole entries each. */
  readonly ldif?: (suffix: string) => Iterable<string>;
}

/** `suffix` is the part of its tree that was filled, or the whole. */
export async function launchSambaAd({ ldif }: SambaAdOptions = {}): Promise<SambaAd> {
  const server = await launch(product, {
    local: startSambaAd,
    container: async () => (await import('./container.ts')).startSambaAdContainer(),
  });
  if (ldif === undefined) return server;
  const suffix = `OU=demo,OU=suites,${server.suffix}`;
  try {
    await withDirectory(server, (directory) => loadSample(directory, ldif(suffix), suffix, server.domain));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...server, suffix };
}
