import assert from 'node:assert/strict';
import { createDirectory } from '../../../src/ldap/client/directory.ts';
import { LdapError } from '../../../src/ldap/errors.ts';
import { hasSambaAd } from './launch.ts';
import { createSuiteBase, getSambaAd } from './shared.ts';

const rejects = (promise: Promise<unknown>, code: number) =>
  assert.rejects(promise, (error) => error instanceof LdapError && error.code === code);

if (hasSambaAd()) {
  describe('Samba AD recipe', function () {
    this.timeout(120_000);

    it('lets the service account write in the part of a suite, and nowhere else', async () => {
      const server = await getSambaAd();
      const { peopleDn } = await createSuiteBase('recipe');
      const bind = { dn: server.bindDn, password: server.password };
      const directory = createDirectory({ urls: [server.url], tls: server.tls, bind });
      const user = (dn: string) =>
        directory.add({
          dn,
          attributes: [
            { type: 'objectClass', values: ['user'] },
            { type: 'sAMAccountName', values: ['recipe-amy'] },
          ],
        });
      try {
        await user(`CN=Amy,${peopleDn}`);
        await rejects(user(`CN=Amy,CN=Users,${server.suffix}`), 50);
      } finally {
        await directory.close();
      }
    });

    it('serves ldaps with a certificate for the address and for localhost, and StartTLS', async () => {
      const { url, plainUrl, tls, bindDn: dn, password } = await getSambaAd();
      for (const config of [
        { urls: [url], tls },
        { urls: [url.replace('127.0.0.1', 'localhost')], tls },
        { urls: [plainUrl], tls: { ...tls, startTls: true } },
      ]) {
        const directory = createDirectory({ ...config, bind: { dn, password } });
        assert.ok((await directory.rootDse()).has('defaultNamingContext'));
        await directory.close();
      }
      const stranger = createDirectory({ urls: [url], bind: { dn, password } });
      await assert.rejects(stranger.rootDse(), /self-signed|unable to/);
      await stranger.close();
    });

    it('refuses a password without encryption', async () => {
      const { plainUrl, bindDn: dn, password } = await getSambaAd();
      const directory = createDirectory({ urls: [plainUrl], bind: { dn, password } });
      await assert.rejects(directory.rootDse(), /encryption|Strong|stronger/i);
      await directory.close();
    });
  });
}
