import { readFileSync } from 'node:fs';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
import { describeInjection } from './injection.ts';

const schemaFile = new URL('../../mappings/openldap/scim-person.ldif', import.meta.url);
const started: EmbeddedDirectory[] = [];

after(async () => {
  await Promise.all(started.map((directory) => directory.close()));
});

describeInjection('the embedded directory', async () => {
  const suffix = 'dc=example,dc=com';
  const directory = createEmbeddedDirectory({ suffix, schemaLdif: [readFileSync(schemaFile, 'utf8')], unique: [] });
  started.push(directory);
  const { url } = await directory.listen();
  const { dn: bindDn, password } = directory.administrator;
  return { url, bindDn, password, suffix, peopleDn: `ou=people,${suffix}`, groupsDn: `ou=groups,${suffix}` };
});

describeInjection('OpenLDAP', async () => ({ ...(await getOpenLdap()), ...(await createSuiteBase('injection')) }));
