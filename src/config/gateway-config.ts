// The gateway file as the program uses it: defaults filled in, files and secrets read, paths absolute.
import type { Credential } from '../auth/credential.ts';
import type { DeletionLimits } from '../gateway/count-deletions.ts';
import type { GatewayLimits } from '../gateway/gateway.ts';
import type { LdapFilter } from '../ldap/filter.ts';
import type { LogLevel } from '../observe/log.ts';
import type { Secret } from './secret.ts';

export interface GatewayConfig {
  readonly listen: {
    readonly host: string;
    readonly port: number;
    /** PEM. With `clientCa` clients are asked for a certificate. */
    readonly tls?: { readonly cert: string; readonly key: Secret; readonly clientCa?: string };
    /** By which trusted proxies hand on a client's certificate; the name in lower case, the authorities in PEM. */
    readonly clientCertificateHeader?: { readonly name: string; readonly ca: string };
  };
  /** Processes that serve; 1 is this one. */
  readonly workers: number;
  /** Absent: none. A file by its absolute path, or `-` for standard output. */
  readonly audit?: { readonly file: string };
  /** Absent: no second port. */
  readonly admin?: { readonly host: string; readonly port: number };
  readonly trustedProxies: readonly string[];
  /** At least one; of a file without `tenants` the only one, which has no name. */
  readonly tenants: readonly TenantConfig[];
  readonly log: { readonly level: LogLevel };
}

/** One gateway of those that listen together: a directory, a mapping, and who may call. Nothing in it is another's, too. */
export interface TenantConfig {
  /** Empty in a file without `tenants`. */
  readonly name: string;
  /** Host names in lower case by which requests reach it; none: any. */
  readonly hosts: readonly string[];
  /** Path below which requests arrive: empty, or with a leading and without a trailing slash. */
  readonly basePath: string;
  /** Without a trailing slash. */
  readonly publicUrl?: string;
  readonly directory: DirectorySettings;
  readonly mapping: {
    readonly file: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  readonly credentials: readonly Credential[];
  readonly publicDiscovery: PublicDiscovery;
  readonly limits: GatewayLimits & {
    readonly bodyBytes: number;
    readonly requestSeconds: number;
    readonly authenticationFailures: number;
    readonly authenticationWaitSeconds: number;
  };
  readonly guards: GuardSettings;
}

export interface GuardSettings {
  readonly readOnly: boolean;
  /** Absent: as many as there are. */
  readonly deletions?: DeletionLimits & {
    /** URL of a Valkey or Redis server that replicas share. */
    readonly shared?: Secret;
  };
  /** Besides the gateway's own account. */
  readonly protect: { readonly bases: readonly string[]; readonly filters: readonly LdapFilter[] };
}

/** Discovery endpoints that answer without credentials (A4). */
export type PublicDiscovery = 'none' | 'serviceProviderConfig' | 'all';

export interface DirectorySettings {
  readonly urls: readonly string[];
  /** Absent: anonymous. */
  readonly bind?: { readonly dn: string; readonly password: Secret } | { readonly mechanism: 'EXTERNAL' };
  readonly allowPlaintext: boolean;
  readonly tls: {
    readonly startTls: boolean;
    readonly verify: boolean;
    /** PEM. */
    readonly ca?: string;
    /** PEM. */
    readonly cert?: string;
    /** PEM. */
    readonly key?: Secret;
    readonly servername?: string;
  };
  readonly timeouts: { readonly connectSeconds: number; readonly operationSeconds: number };
  readonly pool: {
    readonly size: number;
    readonly pagedSize: number;
    readonly maxInFlight: number;
    readonly idleSeconds: number;
  };
}
