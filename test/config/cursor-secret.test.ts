import assert from 'node:assert/strict';
import { deriveCursorSecret } from '../../src/config/cursor-secret.ts';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { Secret } from '../../src/config/secret.ts';

const configOf = (password: string, ...tokens: number[]): GatewayConfig =>
  ({
    directory: { bind: { dn: 'cn=x', password: new Secret(password) } },
    credentials: tokens.map((octet) => ({ tokenHash: Buffer.alloc(32, octet) })),
  }) as unknown as GatewayConfig;

describe('deriveCursorSecret', () => {
  it('is the same for the same secrets in any order, and another one for others', () => {
    const secret = deriveCursorSecret(configOf('p', 1, 2));
    assert.equal(secret.length, 32);
    assert.deepEqual(deriveCursorSecret(configOf('p', 2, 1)), secret);
    assert.notDeepEqual(deriveCursorSecret(configOf('q', 1, 2)), secret);
    assert.notDeepEqual(deriveCursorSecret(configOf('p', 1)), secret);
  });
});
