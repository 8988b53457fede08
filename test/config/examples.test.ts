import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { printProblem } from '../../src/util/problem.ts';

describe('examples/gateway.yaml', () => {
  it('is in order, and says what its comments say', () => {
    const file = fileURLToPath(new URL('../../examples/gateway.yaml', import.meta.url));
    const env = { LDAP_PASSWORD: 'any', REPORTS_TOKEN: 'any-token-of-more-than-20-characters' };
    const { config, problems } = loadGatewayFile(file, env);
    assert.deepEqual(problems.map(printProblem), []);
    assert.equal(config?.listen.basePath, '/scim/v2');
    assert.deepEqual(
      config.credentials.map(({ name, profile }) => [name, profile.name]),
      [
        ['entra', 'entra'],
        ['reports', 'interop'],
      ],
    );
  });
});
