import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
import { describeDirectoryContract } from './directory-contract.ts';

describeDirectoryContract('OpenLDAP', async () => {
  const server = await getOpenLdap();
  const { peopleDn, groupsDn } = await createSuiteBase('contract', ['uid', 'mail']);
  return {
    config: { urls: [server.url], bind: { dn: server.bindDn, password: server.password } },
    peopleDn,
    groupsDn,
    nobodyDn: server.placeholderDn,
    // The server is everybody's; it stops after the last suite.
    stop: async () => {},
  };
});
