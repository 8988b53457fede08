// Starts a 389 Directory Server by whichever way this machine has. A machine without any runs the other suites, and
// `npm run test:prepare` says that these are left out.

import { findLauncher, launch } from '../launcher.ts';
import { type Ds389, type Ds389Options, product } from './recipe.ts';
import { startDs389 } from './start.ts';

export function hasDs389(): boolean {
  return findLauncher(product) !== undefined;
}

export function launchDs389(options: Ds389Options = {}): Promise<Ds389> {
  return launch(product, {
    local: () => startDs389(options),
    container: async () => (await import('./container.ts')).startDs389Container(options),
  });
}
