import assert from 'node:assert/strict';
import { deriveCursorSecret } from '../../src/config/cursor-secret.ts';
import type { TenantConfig } from '../../src/config/gateway-config.ts';
import { Secret } from '../../src/config/secret.ts';

const configOf = (password: string, tokens: readonly number[], name = ''): TenantConfig =>
  ({
    name,
    directory: { bind: { dn: 'cn=x', password: new Secret(password) }, tls: {} },
    credentials: tokens.map((octet) => ({
      name: String(octet),
      method: { kind: 'bearer', tokens: [{ tokenHash: Buffer.alloc(32, octet) }] },
    })),
  }) as unknown as TenantConfig;

describe('deriveCursorSecret', () => {
  it('is the same for the same secrets in any order, and another one for others', async () => {
    const secret = await deriveCursorSecret(configOf('p', [1, 2]));
    assert.equal(secret.length, 32);
    assert.deepEqual(await deriveCursorSecret(configOf('p', [2, 1])), secret);
    assert.notDeepEqual(await deriveCursorSecret(configOf('q', [1, 2])), secret);
    assert.notDeepEqual(await deriveCursorSecret(configOf('p', [1])), secret);
  });

  it('is another one for each tenant, whatever they have in common', async () => {
    const [one, other] = await Promise.all(['a', 'b'].map((name) => deriveCursorSecret(configOf('p', [1], name))));
    assert.notDeepEqual(one, other);
  });

  it('of no secret at all is random: nobody can work it out', async () => {
    const config = { name: '', directory: { tls: {} }, credentials: [] } as unknown as TenantConfig;
    assert.notDeepEqual(await deriveCursorSecret(config), await deriveCursorSecret(config));
  });

  it('of a gateway that binds by its certificate hangs on the key', async () => {
    const bind = { mechanism: 'EXTERNAL' } as const;
    const of = (key: string) =>
      deriveCursorSecret({
        name: '',
        directory: { bind, tls: { key: new Secret(key) } },
        credentials: [],
      } as unknown as TenantConfig);
    assert.deepEqual(await of('a'), await of('a'));
    assert.notDeepEqual(await of('a'), await of('b'));
  });
});
