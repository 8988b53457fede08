// The one OpenLDAP of a test run, started by the first suite that asks. A suite keeps to its own part of the tree.

import { Attribute, Change, Client } from 'ldapts';
import { launchOpenLdap } from './launch.ts';
import type { OpenLdap } from './recipe.ts';

export interface SuiteBase {
  /** `ou=<name>,ou=suites,<suffix>`; empty at the start but for the two units below. */
  readonly baseDn: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
}

let running: Promise<OpenLdap> | undefined;
const bases = new Set<string>();

/** The server of this run. Tests must not stop it; `test/hooks.ts` does. One that must is started by `launchOpenLdap`. */
export async function getOpenLdap(): Promise<OpenLdap> {
  running ??= launchOpenLdap();
  return await running;
}

export async function stopOpenLdap(): Promise<void> {
  const server = await running?.catch(() => undefined);
  running = undefined;
  bases.clear();
  await server?.stop();
}

/**
 * A part of the tree in which a suite works alone. `name` is unique in the run. Values of the attributes in `unique`
 * may occur once in it (unique overlay, serialized).
 */
export async function createSuiteBase(name: string, unique: readonly string[] = []): Promise<SuiteBase> {
  if (bases.has(name)) throw new Error(`Two suites want the base ${name}`);
  bases.add(name);
  const server = await getOpenLdap();
  const client = new Client({ url: server.url });
  try {
    await client.bind(server.rootDn, server.rootPassword);
    const base = await addSuiteBase(client, name, server.suffix);
    if (unique.length > 0) {
      await client.bind('cn=config', server.configPassword);
      await addUniqueRules(
        client,
        unique.map((attribute) => `serialize ldap:///${base.baseDn}?${attribute}?sub`),
      );
    }
    return base;
  } finally {
    await client.unbind();
  }
}

/** The units of a suite, of whichever directory `client` is logged in to as its administrator. */
export async function addSuiteBase(client: Client, name: string, suffix: string): Promise<SuiteBase> {
  const baseDn = `ou=${name},ou=suites,${suffix}`;
  const base: SuiteBase = { baseDn, peopleDn: `ou=people,${baseDn}`, groupsDn: `ou=groups,${baseDn}` };
  await client.add(baseDn, { objectClass: 'organizationalUnit', ou: name });
  await client.add(base.peopleDn, { objectClass: 'organizationalUnit', ou: 'people' });
  await client.add(base.groupsDn, { objectClass: 'organizationalUnit', ou: 'groups' });
  return base;
}

async function addUniqueRules(config: Client, rules: readonly string[]): Promise<void> {
  const { searchEntries } = await config.search('cn=config', {
    filter: '(objectClass=olcUniqueConfig)',
    attributes: ['dn'],
  });
  const overlay = searchEntries[0];
  if (overlay === undefined) throw new Error('cn=config shows no unique overlay');
  await config.modify(overlay.dn, [
    new Change({ operation: 'add', modification: new Attribute({ type: 'olcUniqueURI', values: [...rules] }) }),
  ]);
}
