import { stringify } from 'yaml';
import { printTokenHash } from '../auth/bearer.ts';
import type { CredentialMethod } from '../auth/credential.ts';
import { printLdapFilter } from '../ldap/print-filter.ts';
import type { GatewayConfig, TenantConfig } from './gateway-config.ts';

/** The configuration in force, defaults included, as YAML for people. Secrets show as stars, token hashes by their first digits. */
export function dumpConfig({ listen: { tls, clientCertificateHeader, ...address }, ...config }: GatewayConfig): string {
  const { workers, admin, audit, trustedProxies, tenants, log } = config;
  const header = clientCertificateHeader && { name: clientCertificateHeader.name, ca: 'set' };
  const listen = {
    ...address,
    tls: tls && { cert: 'set', key: 'set', clientCa: isSet(tls.clientCa) },
    clientCertificateHeader: header,
  };
  const only = tenants.find(({ name }) => name === '');
  const shown =
    only === undefined
      ? {
          listen,
          workers,
          admin,
          audit,
          trustedProxies,
          tenants: Object.fromEntries(tenants.map((tenant) => [tenant.name, show(tenant)])),
          log,
        }
      : {
          listen: { ...listen, path: only.basePath },
          workers,
          admin,
          audit,
          trustedProxies,
          ...show(only),
          path: undefined,
          hosts: undefined,
          log,
        };
  // Through JSON, where a secret shows as stars and an absent key is absent.
  return stringify(JSON.parse(JSON.stringify(shown)));
}

function show({
  name: _name,
  hosts,
  basePath,
  publicDiscovery,
  directory,
  credentials,
  guards,
  ...rest
}: TenantConfig) {
  const { ca, cert, key, ...tls } = directory.tls;
  return {
    path: basePath,
    hosts,
    discovery: { public: publicDiscovery },
    ...rest,
    directory: { ...directory, tls: { ...tls, ca: isSet(ca), cert: isSet(cert), key: isSet(key) } },
    guards: { ...guards, protect: { ...guards.protect, filters: guards.protect.filters.map(printLdapFilter) } },
    credentials: credentials.map(({ name, method, profile, authorization }) => ({
      name,
      ...showMethod(method),
      profile: profile.name,
      permissions: authorization?.permissions,
      roles: authorization?.roles,
    })),
  };
}

function isSet(value: unknown): 'set' | undefined {
  return value === undefined ? undefined : 'set';
}

function showMethod(method: CredentialMethod): object {
  switch (method.kind) {
    case 'bearer': {
      const tokens = method.tokens.map(({ tokenHash, notBefore, notAfter }) => ({
        tokenHash: `${printTokenHash(tokenHash).slice(0, 'sha256:'.length + 8)}...`,
        notBefore: notBefore === undefined ? undefined : new Date(notBefore),
        notAfter: notAfter === undefined ? undefined : new Date(notAfter),
      }));
      return { bearer: tokens.length === 1 ? tokens[0] : { tokens } };
    }
    case 'jwt': {
      const { kind: _kind, keys, ...shown } = method;
      return { jwt: { ...shown, keys: 'jwks' in keys ? 'of a file' : keys } };
    }
    case 'basic':
      return { basic: method.source === 'file' ? { user: method.user, passwordHash: '***' } : { bind: method.entry } };
    case 'hoba':
      return { hoba: { keyId: method.keyId, publicKey: 'set' } };
    case 'introspection':
    case 'certificate': {
      const { kind, ...shown } = method;
      return { [kind]: shown };
    }
  }
}
