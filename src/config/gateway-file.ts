// The gateway file as written (docs/configuration.md). `mappings/gateway.schema.json` says the same for editors and does
// the checking.
import type { RoleGrant } from '../auth/authorization.ts';
import type { ProofRule } from '../auth/proof.ts';
import type { Permissions } from '../mapping/access.ts';
import type { LogLevel } from '../observe/log.ts';
import type { PublicDiscovery, TenantConfig } from './gateway-config.ts';

export interface GatewayFile extends GatewayBlock {
  readonly listen?: {
    readonly host?: string;
    readonly port?: number;
    readonly path?: string;
    readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly clientCaFile?: string };
    readonly clientCertificateHeader?: { readonly name: string; readonly caFile: string };
  };
  readonly workers?: number | 'auto';
  readonly audit?: { readonly file: string };
  readonly admin?: { readonly host?: string; readonly port?: number };
  readonly trustedProxies?: readonly string[];
  readonly log?: { readonly level?: LogLevel };
  readonly tenants?: Readonly<Record<string, TenantBlock>>;
}

/** What a file without tenants says of its one gateway, and what each tenant may say of its own. */
export interface GatewayBlock {
  readonly publicUrl?: string;
  readonly directory?: DirectoryBlock;
  readonly mapping?: { readonly file?: string; readonly variables?: Readonly<Record<string, string>> };
  readonly credentials?: readonly CredentialBlock[];
  readonly discovery?: { readonly public?: PublicDiscovery };
  readonly limits?: Partial<TenantConfig['limits']>;
  readonly guards?: GuardBlock;
}

export interface GuardBlock {
  readonly readOnly?: boolean;
  readonly deletions?: {
    readonly perCredential?: number;
    readonly perTenant?: number;
    readonly seconds?: number;
    readonly shared?: { readonly url?: string; readonly urlFile?: string; readonly urlEnv?: string };
  };
  readonly protect?: { readonly bases?: readonly string[]; readonly filters?: readonly string[] };
}

export interface TenantBlock extends GatewayBlock {
  readonly path?: string;
  readonly hosts?: readonly string[];
}

export interface DirectoryBlock {
  readonly urls: readonly string[];
  readonly bind?: {
    readonly dn?: string;
    readonly password?: string;
    readonly passwordFile?: string;
    readonly passwordEnv?: string;
    readonly mechanism?: 'EXTERNAL';
  };
  readonly allowPlaintext?: boolean;
  readonly tls?: {
    readonly startTls?: boolean;
    readonly verify?: boolean;
    readonly caFile?: string;
    readonly certFile?: string;
    readonly keyFile?: string;
    readonly servername?: string;
  };
  readonly timeouts?: { readonly connectSeconds?: number; readonly operationSeconds?: number };
  readonly pool?: {
    readonly size?: number;
    readonly pagedSize?: number;
    readonly maxInFlight?: number;
    readonly idleSeconds?: number;
  };
}

export interface CredentialBlock extends MethodBlocks {
  readonly permissions?: Permissions;
  readonly roles?: readonly RoleGrant[];
  readonly name: string;
  readonly profile?: string;
}

/** Exactly one of them. */
export interface MethodBlocks {
  readonly bearer?: BearerBlock;
  readonly jwt?: JwtBlock;
  readonly introspection?: IntrospectionBlock;
  readonly certificate?: CertificateBlock;
  readonly basic?: BasicBlock;
  readonly hoba?: HobaBlock;
}

export interface BearerBlock extends TokenBlock {
  readonly tokens?: readonly TokenBlock[];
}

export interface TokenBlock {
  readonly tokenHash?: string;
  readonly tokenHashFile?: string;
  readonly tokenFile?: string;
  readonly tokenEnv?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

export interface ClaimBlock {
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly rolesClaim?: string;
  readonly callerClaim?: string;
  readonly resource?: { readonly type: string; readonly attribute?: string; readonly claim?: string };
  readonly proof?: ProofRule;
}

export interface JwtBlock extends ClaimBlock {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly jwksUrl?: string;
  readonly jwksFile?: string;
  readonly keepKeysSeconds?: number;
  readonly algorithms?: readonly string[];
  readonly clockSkewSeconds?: number;
}

export interface IntrospectionBlock extends ClaimBlock {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly clientSecretFile?: string;
  readonly clientSecretEnv?: string;
  readonly clientAuthentication?: 'basic' | 'post';
  readonly cacheSeconds?: number;
  readonly clockSkewSeconds?: number;
  readonly issuer?: string;
  readonly audiences?: readonly string[];
}

export interface CertificateBlock {
  readonly subjects?: readonly string[];
  readonly names?: readonly string[];
  readonly fingerprints?: readonly string[];
}

export interface BasicBlock {
  readonly user?: string;
  readonly passwordHash?: string;
  readonly passwordHashFile?: string;
  readonly bind?: BindBlock;
}

export interface BindBlock {
  readonly dn?: string;
  readonly base?: string;
  readonly filter?: string;
  readonly scope?: 'one' | 'subtree';
}

export interface HobaBlock {
  readonly keyId: string;
  readonly publicKeyFile: string;
}
