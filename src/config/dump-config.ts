import { stringify } from 'yaml';
import { printTokenHash } from '../auth/bearer.ts';
import type { GatewayConfig } from './gateway-config.ts';

/** The configuration in force, defaults included, as YAML for people. Secrets show as stars, token hashes by their first digits. */
export function dumpConfig(config: GatewayConfig): string {
  const { listen, publicDiscovery, directory, credentials, ...rest } = config;
  const { ca, cert, key, ...tls } = directory.tls;
  const shown = {
    listen: { host: listen.host, port: listen.port, path: listen.basePath },
    discovery: { public: publicDiscovery },
    ...rest,
    directory: {
      ...directory,
      tls: { ...tls, ca: isSet(ca), cert: isSet(cert), key: isSet(key) },
    },
    credentials: credentials.map(({ name, tokenHash, profile }) => ({
      name,
      bearer: { tokenHash: `${printTokenHash(tokenHash).slice(0, 'sha256:'.length + 8)}...` },
      profile: profile.name,
    })),
  };
  // Through JSON, where a secret shows as stars and an absent key is absent.
  return stringify(JSON.parse(JSON.stringify(shown)));
}

function isSet(value: unknown): 'set' | undefined {
  return value === undefined ? undefined : 'set';
}
