import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hashToken } from '../../src/auth/bearer.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';

async function make(...options: readonly string[]): Promise<{ readonly token: string; readonly block: string }> {
  const out: string[] = [];
  const said: string[] = [];
  const code = await runCli(['token', ...options], { print: (line) => out.push(line), say: (line) => said.push(line) });
  assert.equal(code, 0);
  const [token = '', ...block] = out;
  assert.doesNotMatch([...block, ...said].join('\n'), new RegExp(token), 'the token is shown once');
  return { token, block: block.join('\n') };
}

describe('scim-ldap token', () => {
  it('makes another token each time, of 256 bits', async () => {
    const [first, second] = [await make(), await make()];
    assert.notEqual(first.token, second.token);
    assert.match(first.token, /^[A-Za-z0-9_-]{43}$/);
  });

  it('prints a block that a gateway file takes as it stands', async () => {
    const { token, block } = await make('--name', 'entra-production', '--not-before', '2099-01-31', '--days', '28');
    const folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-token-'));
    const file = path.join(folder, 'gateway.yaml');
    const head = 'directory: { urls: [ldaps://h] }\nmapping: { file: scim-ldap/openldap/inet-org-person.yaml }';
    writeFileSync(file, `${head}\ncredentials:\n${block}\n`);
    const { config, problems } = loadGatewayFile(file);
    rmSync(folder, { recursive: true });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      config?.tenants[0]?.credentials.map(({ name, method }) => ({ name, method })),
      [
        {
          name: 'entra-production',
          method: {
            kind: 'bearer',
            tokens: [
              { tokenHash: hashToken(token), notBefore: Date.UTC(2099, 0, 31), notAfter: Date.UTC(2099, 1, 28) },
            ],
          },
        },
      ],
    );
  });
});
