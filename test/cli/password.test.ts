import assert from 'node:assert/strict';
import { isPassword, parsePasswordHash } from '../../src/auth/password-hash.ts';
import { runCli } from '../../src/cli/run-cli.ts';

describe('scim-ldap password', () => {
  it('makes a password up, shows it once, and prints a block with its hash', async () => {
    const out: string[] = [];
    const said: string[] = [];
    const output = { print: (line: string) => out.push(line), say: (line: string) => said.push(line) };
    assert.equal(await runCli(['password', '--name', 'legacy'], output), 0);
    const [made = '', ...block] = out;
    assert.deepEqual(block.slice(0, 3), ['  - name: legacy', '    basic:', '      user: legacy']);
    const hash = parsePasswordHash(block[3]?.replace('      passwordHash: ', '') ?? '');
    assert.ok(hash !== undefined && (await isPassword(made, hash)));
    assert.doesNotMatch([...block, ...said].join('\n'), new RegExp(made));
  });
});
