// The example files: each is in order, and says what its comments say.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { standardSubschema } from '../../src/ldap/subschema/standard.ts';
import { compileMapping } from '../../src/mapping/compile-mapping.ts';
import { loadMapping } from '../../src/mapping/file/load-mapping.ts';
import { printProblem } from '../../src/util/problem.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');

describe('examples/gateway.yaml', () => {
  it('is in order, and says what its comments say', () => {
    const env = { LDAP_PASSWORD: 'any', REPORTS_TOKEN: 'any-token-of-more-than-20-characters' };
    const { config, problems } = loadGatewayFile(path.join(examples, 'gateway.yaml'), env);
    assert.deepEqual(problems.map(printProblem), []);
    const tenant = config?.tenants[0];
    assert.equal(tenant?.basePath, '/scim/v2');
    assert.deepEqual(
      tenant.credentials.map(({ name, profile }) => [name, profile.name]),
      [
        ['entra', 'entra'],
        ['reports', 'interop'],
      ],
    );
  });
});

describe('examples/own-mapping', () => {
  it('gateway.yaml is in order where the files that it names are', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-examples-'));
    try {
      cpSync(path.join(examples, 'own-mapping'), folder, { recursive: true });
      writeFileSync(path.join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----');
      writeFileSync(path.join(folder, 'ldap-password'), 'any\n');
      const env = { OKTA_TOKEN: 'any-token-of-more-than-20-characters' };
      const { config, problems } = loadGatewayFile(path.join(folder, 'gateway.yaml'), env);
      assert.deepEqual(problems.map(printProblem), []);
      assert.equal(config?.tenants[0]?.mapping.file, path.join(folder, 'acme.yaml'));
      assert.equal(config.tenants[0].directory.tls.startTls, true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('acme.yaml fits the schema of the standards, and changes what it says', async () => {
    const loaded = await loadMapping(path.join(examples, 'own-mapping/acme.yaml'));
    assert.deepEqual(loaded.problems.map(printProblem), []);
    assert.ok(loaded.mapping);
    const options = { subschema: standardSubschema, live: true, matchEntryDn: true };
    const { mapping, problems } = compileMapping(loaded.mapping, options);
    assert.deepEqual(problems.map(printProblem), []);
    const user = mapping?.resourceTypes.find(({ type }) => type.name === 'User');
    assert.deepEqual(user?.entry.bases, ['ou=staff,dc=acme,dc=test']);
    const names = user.mappers.map(({ ref }) => ref.attribute.name);
    const expected = {
      externalId: true,
      locale: true,
      carLicense: true,
      title: true,
      profileUrl: false,
      employeeNumber: false,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, names.includes(name)])), expected);
  });
});
