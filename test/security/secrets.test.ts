import { readFileSync } from 'node:fs';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
import { describeSecrets } from './secrets.ts';

const schemaFile = new URL('../../mappings/openldap/scim-person.ldif', import.meta.url);
const started: EmbeddedDirectory[] = [];

after(async () => {
  await Promise.all(started.map((directory) => directory.close()));
});

describeSecrets('the embedded directory', async () => {
  const suffix = 'dc=example,dc=com';
  const schemaLdif = [readFileSync(schemaFile, 'utf8')];
  const administrator = { dn: `cn=scim,${suffix}`, password: 'planted-bind-Qx5vC8nB2m' };
  const directory = createEmbeddedDirectory({ suffix, schemaLdif, unique: [], administrator });
  started.push(directory);
  const { url } = await directory.listen();
  const { dn: bindDn, password } = administrator;
  return { url, bindDn, password, suffix, peopleDn: `ou=people,${suffix}`, groupsDn: `ou=groups,${suffix}` };
});

describeSecrets('OpenLDAP', async () => ({ ...(await getOpenLdap()), ...(await createSuiteBase('secrets')) }));
