// The one server of a product in a test run: started by the first suite that asks, and each suite alone in a part of its
// tree.

import { Client } from 'ldapts';
import type { TlsConfig } from '../../src/ldap/client/directory-config.ts';

export interface SuiteBase {
  /** `ou=<name>,ou=suites,<suffix>`; empty at the start but for the two units below. */
  readonly baseDn: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
}

/** What has to be known of a server to make room for a suite. */
export interface SharedServer {
  readonly url: string;
  /** For a `url` of ldaps. */
  readonly tls?: TlsConfig;
  readonly suffix: string;
  readonly rootDn: string;
  readonly rootPassword: string;
  stop(): Promise<void>;
}

export interface ServerOfRun<Server> {
  /** Tests must not stop it; `test/hooks.ts` does. */
  get(): Promise<Server>;
  stop(): Promise<void>;
  /** A part of the tree in which a suite works alone. `name` is unique in the run. */
  createSuiteBase(name: string): Promise<SuiteBase>;
}

export function shareServer<Server extends SharedServer>(start: () => Promise<Server>): ServerOfRun<Server> {
  let running: Promise<Server> | undefined;
  const names = new Set<string>();
  const get = (): Promise<Server> => {
    running ??= start();
    return running;
  };
  return {
    get,
    async stop() {
      const server = await running?.catch(() => undefined);
      running = undefined;
      names.clear();
      await server?.stop();
    },
    async createSuiteBase(name) {
      if (names.has(name)) throw new Error(`Two suites want the base ${name}`);
      names.add(name);
      const server = await get();
      return await withAdministrator(server, async (client) => {
        // As the suffix is spelled: Samba answers in upper case, whatever case an entry was added with.
        const ou = /^[A-Z]/.test(server.suffix) ? 'OU' : 'ou';
        const baseDn = `${ou}=${name},${ou}=suites,${server.suffix}`;
        const base: SuiteBase = { baseDn, peopleDn: `${ou}=people,${baseDn}`, groupsDn: `${ou}=groups,${baseDn}` };
        await client.add(baseDn, { objectClass: 'organizationalUnit', ou: name });
        await client.add(base.peopleDn, { objectClass: 'organizationalUnit', ou: 'people' });
        await client.add(base.groupsDn, { objectClass: 'organizationalUnit', ou: 'groups' });
        return base;
      });
    },
  };
}

/** A client that is logged in as the administrator while `work` runs. */
export async function withAdministrator<T>(
  { url, tls, rootDn, rootPassword }: Omit<SharedServer, 'stop' | 'suffix'>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ url, ...(tls?.ca === undefined ? {} : { tlsOptions: { ca: tls.ca } }) });
  try {
    await client.bind(rootDn, rootPassword);
    return await work(client);
  } finally {
    await client.unbind();
  }
}
