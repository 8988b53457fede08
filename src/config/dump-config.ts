import { stringify } from 'yaml';
import { printTokenHash } from '../auth/bearer.ts';
import type { GatewayConfig, TenantConfig } from './gateway-config.ts';

/** The configuration in force, defaults included, as YAML for people. Secrets show as stars, token hashes by their first digits. */
export function dumpConfig({ listen, trustedProxies, tenants, log }: GatewayConfig): string {
  const only = tenants.find(({ name }) => name === '');
  const shown =
    only === undefined
      ? {
          listen,
          trustedProxies,
          tenants: Object.fromEntries(tenants.map((tenant) => [tenant.name, show(tenant)])),
          log,
        }
      : {
          listen: { ...listen, path: only.basePath },
          trustedProxies,
          ...show(only),
          path: undefined,
          hosts: undefined,
          log,
        };
  // Through JSON, where a secret shows as stars and an absent key is absent.
  return stringify(JSON.parse(JSON.stringify(shown)));
}

function show({ name: _name, hosts, basePath, publicDiscovery, directory, credentials, ...rest }: TenantConfig) {
  const { ca, cert, key, ...tls } = directory.tls;
  return {
    path: basePath,
    hosts,
    discovery: { public: publicDiscovery },
    ...rest,
    directory: { ...directory, tls: { ...tls, ca: isSet(ca), cert: isSet(cert), key: isSet(key) } },
    credentials: credentials.map(({ name, tokenHash, profile }) => ({
      name,
      bearer: { tokenHash: `${printTokenHash(tokenHash).slice(0, 'sha256:'.length + 8)}...` },
      profile: profile.name,
    })),
  };
}

function isSet(value: unknown): 'set' | undefined {
  return value === undefined ? undefined : 'set';
}
