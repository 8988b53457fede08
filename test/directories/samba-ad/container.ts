// Runs the recipe in a container.

import { readFileSync } from 'node:fs';
import { answers } from '../loopback.ts';
import { runContainer, serverDir } from '../server-container.ts';
import { accounts, listensEverywhere, product, runScript, type SambaAd, serverUser, writeRecipe } from './recipe.ts';
import { startLimitMs } from './start.ts';

const [port, tlsPort] = [3389, 3636];

/** Same as `startSambaAd` in start.ts. */
export async function startSambaAdContainer(): Promise<SambaAd> {
  const server = await runContainer({
    product,
    user: serverUser,
    script: runScript,
    args: ['tcc', `389:${port},636:${tlsPort},3268:3268,3269:3269`],
    ports: [port, tlsPort],
    logs: ['log/out'],
    fill: async (dir) => writeRecipe(dir, { serverDir, interfaces: listensEverywhere }),
  });
  const plainUrl = `ldap://${server.addressOf(port)}`;
  try {
    await server.untilUp(() => answers(plainUrl), startLimitMs);
    const tls = { ca: readFileSync(await server.fetch('tls/ca.pem'), 'utf8') };
    const { stop, log } = server;
    return { ...accounts, url: `ldaps://${server.addressOf(tlsPort)}`, plainUrl, tls, stop, log };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
