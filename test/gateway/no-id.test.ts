import assert from 'node:assert/strict';
import { createEmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { urns } from '../../src/scim/urns.ts';
import { serveGateway } from './harness.ts';

describe('a mapping whose id the directory does not give', () => {
  it('refuses a create and leaves no entry behind', async () => {
    const suffix = 'dc=example,dc=com';
    const directory = createEmbeddedDirectory({ suffix });
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    const served = await serveGateway({
      url,
      bindDn,
      password,
      mapping: '../test/gateway/no-id.yaml',
      variables: { suffix },
    });
    try {
      const before = directory.entries;
      for (const more of [{}, { password: 'some-Secret-1' }]) {
        const answer = await served.scim('POST', '/Users', { schemas: [urns.user], userName: 'ann', ...more });
        assert.equal(answer.status, 500);
        assert.match(String(answer.body['detail']), /no id/);
        assert.equal(directory.entries, before);
      }
    } finally {
      await served.stop();
      await directory.close();
    }
  });
});
