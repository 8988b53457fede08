// Brings what the tests need and this machine lacks, before they run. Says nothing and takes no time when all is there.

import { prepareDs389 } from './directories/ds389/launch.ts';
import { prepareOpenLdap } from './directories/openldap/launch.ts';
import { prepareSambaAd } from './directories/samba-ad/launch.ts';

const say = (line: string): void => {
  process.stdout.write(`prepare: ${line}\n`);
};

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  say(`Node ${process.versions.node} runs this; 24 or newer is needed. On Linux, npm ci brings it.`);
  process.exit(1);
}

prepareDs389(say);
prepareSambaAd(say);
try {
  if (prepareOpenLdap(say) === 'container') {
    say('OpenLDAP will run in a container; building its image');
    const { buildOpenLdapImage } = await import('./directories/openldap/container.ts');
    await buildOpenLdapImage();
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
