import { createEmbeddedDirectory } from '../../../src/ldap/embedded/embedded-directory.ts';
import { describeDirectoryContract } from '../directory-contract.ts';

describeDirectoryContract('embedded directory', async () => {
  const suffix = 'dc=example,dc=com';
  const embedded = createEmbeddedDirectory({ suffix });
  const { url } = await embedded.listen();
  return {
    config: { urls: [url], bind: embedded.administrator },
    peopleDn: `ou=people,${suffix}`,
    groupsDn: `ou=groups,${suffix}`,
    nobodyDn: `cn=nobody,${suffix}`,
    stop: () => embedded.close(),
  };
});
