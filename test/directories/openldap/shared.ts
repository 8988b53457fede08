// The one OpenLDAP of a test run. A test that stops its server starts one of its own, by `launchOpenLdap`.

import { Attribute, Change, type Client } from 'ldapts';
import { type SuiteBase, shareServer, withAdministrator } from '../share-server.ts';
import { launchOpenLdap } from './launch.ts';

const shared = shareServer(launchOpenLdap);

export const getOpenLdap = shared.get;
export const stopOpenLdap = shared.stop;

/** Values of the attributes in `unique` may occur once in the suite's part (unique overlay, serialized). */
export async function createSuiteBase(name: string, unique: readonly string[] = []): Promise<SuiteBase> {
  const base = await shared.createSuiteBase(name);
  if (unique.length > 0) {
    const server = await getOpenLdap();
    const rules = unique.map((attribute) => `serialize ldap:///${base.baseDn}?${attribute}?sub`);
    await withAdministrator({ url: server.url, rootDn: 'cn=config', rootPassword: server.configPassword }, (client) =>
      addUniqueRules(client, rules),
    );
  }
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
