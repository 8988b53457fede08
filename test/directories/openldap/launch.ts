// Starts an OpenLDAP by whichever way this machine has.

import { launch } from '../launcher.ts';
import { type OpenLdap, type OpenLdapOptions, product } from './recipe.ts';
import { startOpenLdap } from './start.ts';

export function launchOpenLdap(options: OpenLdapOptions = {}): Promise<OpenLdap> {
  return launch(product, {
    local: () => startOpenLdap(options),
    // Loaded here only: it takes half a second and most machines never need it.
    container: async () => (await import('./container.ts')).startOpenLdapContainer(options),
  });
}
