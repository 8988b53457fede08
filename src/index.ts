// The public API, for whoever embeds the gateway instead of running it: put the parts together as server.ts does, or
// start a whole server from a configuration. What is not exported here may change at any time.
export { type AuthenticationMethod, type Authenticator, createAuthenticator } from './auth/authenticate.ts';
export { type BearerCredential, bearer, hashToken, parseTokenHash, printTokenHash } from './auth/bearer.ts';
export type { Principal, ResourceIdentity } from './auth/principal.ts';
export type { GatewayConfig, TenantConfig } from './config/gateway-config.ts';
export { loadGatewayFile } from './config/load-gateway-file.ts';
export { Secret } from './config/secret.ts';
export { createGateway, type GatewayOptions } from './gateway/create-gateway.ts';
export type { Gateway, GatewayLimits, RequestContext } from './gateway/gateway.ts';
export { type AppOptions, createApp } from './http/app.ts';
export { createDirectory } from './ldap/client/directory.ts';
export { type DirectoryConfig, DirectoryConfigError } from './ldap/client/directory-config.ts';
export { detectDialect } from './ldap/dialects/detect-dialect.ts';
export type { Dialect } from './ldap/dialects/dialect.ts';
export { LdapConnectionError, LdapError, LdapSyntaxError, LdapTimeoutError } from './ldap/errors.ts';
export type { DirectoryPort } from './ldap/port.ts';
export { compileMapping } from './mapping/compile-mapping.ts';
export { loadMapping, loadMappingText } from './mapping/file/load-mapping.ts';
export type { CompiledMapping } from './mapping/mapping.ts';
export { createLog, type LogLevel } from './observe/log.ts';
export type { Observation, Observe } from './observe/observation.ts';
export { ScimError, type ScimType } from './scim/error.ts';
export { type ClientProfile, clientProfiles, interop } from './scim/profile.ts';
export type { ScimRequest, ScimResponse } from './scim/request.ts';
export { type RunningServer, startServer } from './server.ts';
export type { KeptTenant } from './tenant/keep-tenant.ts';
export { StartError } from './tenant/start-error.ts';
export { type Problem, printProblem } from './util/problem.ts';
