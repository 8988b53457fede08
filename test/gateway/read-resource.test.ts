import assert from 'node:assert/strict';
import { createEmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { sampleLdif } from '../../src/ldap/embedded/sample-data.ts';
import { serveGateway } from './harness.ts';

const suffix = 'dc=example,dc=com';

describe('readResource', () => {
  it('asks for the entry and for its backlinks once each', async () => {
    const embedded = createEmbeddedDirectory({ suffix });
    embedded.load(sampleLdif({ suffix, users: 5, groups: 2, biggestGroup: 5 }));
    const { url } = await embedded.listen();
    const { dn, password } = embedded.administrator;
    const variables = { suffix };
    const served = await serveGateway({
      url,
      bindDn: dn,
      password,
      mapping: 'openldap/inet-org-person.yaml',
      variables,
    });
    try {
      const { body } = await served.scim('GET', '/Users?count=1');
      const [user] = body['Resources'] as readonly { readonly id: string; readonly groups: readonly object[] }[];
      assert.ok(user !== undefined && user.groups.length > 0, 'the sample has users in groups');
      const sent = await served.record(async () => {
        const { status, body: shown } = await served.scim('GET', `/Users/${user.id}`);
        assert.equal(status, 200);
        assert.deepEqual(shown['groups'], user.groups);
      });
      assert.deepEqual(
        sent.map(({ operation, request }) => `${operation} ${String(request['base'])}`),
        [`search ou=people,${suffix}`, `search ou=groups,${suffix}`],
      );
    } finally {
      await served.stop();
      await embedded.close();
    }
  });
});
