// Makes the gateway of one tenant from the configuration of that tenant: directory, mapping, credentials, HTTP app.
// Nothing that is made here is ever given to another one, so what a tenant knows (connections, snapshots, keys of
// cursors, limits) cannot reach the next; what they have in common is the process and its socket.
import { type Authenticator, createAuthenticator } from '../auth/authenticate.ts';
import { defaultBackOff } from '../auth/back-off.ts';
import { createMethods } from '../auth/create-methods.ts';
import { deriveCursorSecret } from '../config/cursor-secret.ts';
import type { DirectorySettings, TenantConfig } from '../config/gateway-config.ts';
import { ofTenant, problemsOfTenant } from '../config/of-tenant.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { createApp } from '../http/app.ts';
import type { RequestHandler } from '../http/listen.ts';
import { createDirectory } from '../ldap/client/directory.ts';
import { type DirectoryConfig, DirectoryConfigError, sendsPlaintext } from '../ldap/client/directory-config.ts';
import { detectDialect } from '../ldap/dialects/detect-dialect.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { compileMapping } from '../mapping/compile-mapping.ts';
import { loadMapping } from '../mapping/file/load-mapping.ts';
import type { Observe } from '../observe/observation.ts';
import { type Problem, printProblem } from '../util/problem.ts';
import { StartError } from './start-error.ts';

export interface OpenTenant {
  readonly gateway: Gateway;
  readonly handle: RequestHandler;
  /** What was found and could be lived with. */
  readonly warnings: readonly Problem[];
  close(): Promise<void>;
}

export interface TenantSurroundings {
  readonly trustedProxies: readonly string[];
  readonly observe: Observe;
}

/** Connects and compiles the mapping against the live schema. Rejects with a `StartError`. */
export async function openTenant(config: TenantConfig, around: TenantSurroundings): Promise<OpenTenant> {
  const directory = openDirectory(config, around.observe);
  try {
    const { gateway, etag, warnings } = await openGateway(config, directory, around.observe);
    const app = createApp({
      gateway,
      etag,
      observe: around.observe,
      authenticator: openAuthenticator(config),
      basePath: config.basePath,
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
      trustedProxies: around.trustedProxies,
      publicDiscovery: config.publicDiscovery,
      bodyBytes: config.limits.bodyBytes,
      requestSeconds: config.limits.requestSeconds,
    });
    return { gateway, handle: app.callback(), warnings, close: () => gateway.close() };
  } catch (error) {
    await directory.close();
    throw error;
  }
}

function openAuthenticator({ credentials, limits }: TenantConfig): Authenticator {
  const { authenticationFailures: failures, authenticationWaitSeconds: maxSeconds } = limits;
  return createAuthenticator(createMethods(credentials), { backOff: { ...defaultBackOff, failures, maxSeconds } });
}

function openDirectory({ name, directory }: TenantConfig, observe: Observe): DirectoryPort {
  try {
    return createDirectory(toDirectoryConfig(directory, observe));
  } catch (error) {
    if (!(error instanceof DirectoryConfigError)) throw error;
    throw new StartError(ofTenant(name, `directory.${error.message}`), { cause: error });
  }
}

async function openGateway(
  config: TenantConfig,
  directory: DirectoryPort,
  observe: Observe,
): Promise<{ readonly gateway: Gateway; readonly etag: boolean; readonly warnings: readonly Problem[] }> {
  // Side by side, as none needs another; what is wrong with the mapping is told first all the same.
  const cursorSecret = deriveCursorSecret(config);
  const read = readDirectory(config, directory);
  for (const promise of [cursorSecret, read]) promise.catch(() => undefined);
  const loaded = await loadMapping(config.mapping.file, { variables: config.mapping.variables });
  if (loaded.mapping === undefined) throw mappingError(config.name, loaded.problems);
  const { dialect, subschema } = await read;
  const { matchEntryDn, backLinks } = dialect.capabilities;
  const plaintext = sendsPlaintext(config.directory);
  const compiled = compileMapping(loaded.mapping, { subschema, live: true, matchEntryDn, backLinks, plaintext });
  const problems = [...loaded.problems, ...compiled.problems];
  if (compiled.mapping === undefined) throw mappingError(config.name, problems);
  const { mapping } = compiled;
  return {
    gateway: createGateway({
      directory,
      mapping,
      dialect,
      limits: config.limits,
      observe,
      cursorSecret: await cursorSecret,
    }),
    etag: mapping.resourceTypes.every(({ version }) => version !== undefined),
    warnings: problemsOfTenant(config.name, problems),
  };
}

function mappingError(name: string, problems: readonly Problem[]): StartError {
  const lines = [ofTenant(name, 'The mapping cannot be used:'), ...problems.map(printProblem)];
  return new StartError(lines.join('\n'), { problems });
}

async function readDirectory(config: TenantConfig, directory: DirectoryPort) {
  try {
    const [rootDse, subschema] = [await directory.rootDse(), await directory.subschema()];
    return { dialect: detectDialect(rootDse), subschema };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { urls } = config.directory;
    const named = urls.some((url) => reason.includes(url)) ? '' : ` at ${urls.join(', ')}`;
    throw new StartError(ofTenant(config.name, `The directory${named} cannot be used: ${reason}`), { cause: error });
  }
}

function toDirectoryConfig(settings: DirectorySettings, observe: Observe): DirectoryConfig {
  const { bind, tls, pool, timeouts } = settings;
  const { key, ...publicTls } = tls;
  return {
    urls: settings.urls,
    ...(bind === undefined ? {} : { bind: 'dn' in bind ? { dn: bind.dn, password: bind.password.reveal() } : bind }),
    allowPlaintext: settings.allowPlaintext,
    tls: { ...publicTls, ...(key === undefined ? {} : { key: key.reveal() }) },
    pool: { size: pool.size, pagedSize: pool.pagedSize, maxInFlight: pool.maxInFlight, idle: pool.idleSeconds * 1000 },
    timeouts: {
      connect: Math.round(timeouts.connectSeconds * 1000),
      operation: Math.round(timeouts.operationSeconds * 1000),
    },
    observe,
  };
}
