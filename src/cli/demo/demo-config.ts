import { fileURLToPath } from 'node:url';
import { hashToken, makeToken } from '../../auth/bearer.ts';
import type { GatewayConfig } from '../../config/gateway-config.ts';
import { Secret } from '../../config/secret.ts';
import { defaultLimits } from '../../gateway/gateway.ts';
import { interop } from '../../scim/profile.ts';
import type { MappedDirectory } from './demo-directory.ts';

/** A gateway on loopback in front of the directory, for whoever has the token. */
export function demoConfig(
  directory: MappedDirectory,
  port: number,
): { readonly config: GatewayConfig; readonly token: string } {
  const mappingFile = fileURLToPath(new URL(`../../../mappings/${directory.mapping}`, import.meta.url));
  const token = makeToken();
  const config: GatewayConfig = {
    listen: { host: '127.0.0.1', port },
    workers: 1,
    trustedProxies: [],
    tenants: [
      {
        name: '',
        hosts: [],
        basePath: '/scim/v2',
        directory: {
          urls: [directory.url],
          bind: { dn: directory.bindDn, password: new Secret(directory.password) },
          allowPlaintext: false,
          tls: { startTls: false, verify: true, ...directory.tls },
          timeouts: { connectSeconds: 5, operationSeconds: 60 },
          pool: { size: 2, pagedSize: 4, maxInFlight: 32, idleSeconds: 240 },
        },
        mapping: { file: mappingFile, variables: { suffix: directory.suffix } },
        credentials: [
          { name: 'demo', profile: interop, method: { kind: 'bearer', tokens: [{ tokenHash: hashToken(token) }] } },
        ],
        publicDiscovery: 'serviceProviderConfig',
        guards: { readOnly: false, protect: { bases: [], filters: [] } },
        limits: {
          ...defaultLimits,
          maxScan: 200_000,
          bodyBytes: 16_777_216,
          requestSeconds: 60,
          authenticationFailures: 10,
          authenticationWaitSeconds: 60,
        },
      },
    ],
    log: { level: 'warn' },
  };
  return { config, token };
}
