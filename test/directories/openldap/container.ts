// Runs the recipe in a container.

import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from '../loopback.ts';
import { runContainer, serverDir } from '../server-container.ts';
import {
  accountsOf,
  debianLayout,
  type OpenLdap,
  type OpenLdapOptions,
  product,
  runScript,
  serverUser,
  writeRecipe,
} from './recipe.ts';
import { startLimitMs } from './start.ts';

const [port, tlsPort] = [3389, 3636];

/** Same as `startOpenLdap` in start.ts; `pid()` is 0, and `port` and `dir` are not obeyed. */
export async function startOpenLdapContainer(options: OpenLdapOptions): Promise<OpenLdap> {
  const server = await runContainer({
    product,
    user: serverUser,
    script: runScript,
    args: [`ldap://0.0.0.0:${port}/ ldaps://0.0.0.0:${tlsPort}/`],
    ports: [port, tlsPort],
    logs: ['slapd.log'],
    fill: (dir) => writeRecipe(dir, serverDir, debianLayout, options),
  });
  const url = `ldap://${server.addressOf(port)}`;
  const untilAnswering = (): Promise<void> => server.untilUp(() => answers(url), startLimitMs);
  try {
    await untilAnswering();
    return {
      ...accountsOf(options.suffix),
      url,
      ldapsUrl: `ldaps://${server.addressOf(tlsPort)}`,
      caFile: await server.fetch('tls/ca.pem'),
      clientCertFile: await server.fetch('tls/client.pem'),
      clientKeyFile: await server.fetch('tls/client.key'),
      pid: () => 0,
      stop: server.stop,
      log: server.log,
      restart: async (between) => {
        await server.say('halt');
        while (await answers(url)) await sleep(20);
        await between?.();
        await server.say('start');
        await untilAnswering();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
