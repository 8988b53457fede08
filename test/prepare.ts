// Brings what the tests need and this machine lacks, before they run. Says nothing and takes no time when all is there.

import { findValkey } from './counters/valkey-server.ts';
import { installPackages, mayInstall } from './directories/apt.ts';
import { product as ds389 } from './directories/ds389/recipe.ts';
import { prepareLauncher } from './directories/launcher.ts';
import { product as openLdap } from './directories/openldap/recipe.ts';
import { product as sambaAd } from './directories/samba-ad/recipe.ts';

const say = (line: string): void => {
  process.stdout.write(`prepare: ${line}\n`);
};

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  say(`Node ${process.versions.node} runs this; 24 or newer is needed. On Linux, npm ci brings it.`);
  process.exit(1);
}

for (const product of [ds389, sambaAd])
  if (prepareLauncher(product, say) === undefined) say(`the suites of ${product.name} are left out`);
if (findValkey() === undefined && !(mayInstall() && installPackages(['redis-server'], say))) {
  say('Valkey or Redis is needed: install valkey-server or redis-server.');
  process.exit(1);
}
if (prepareLauncher(openLdap, say) === undefined) process.exit(1);
