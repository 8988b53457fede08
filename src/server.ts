// The composition root: the one file that knows every room. Makes a running server of a configuration, and takes it
// down again in the order in which nothing is lost. Decides nothing itself.
import { createAuthenticator } from './auth/authenticate.ts';
import { bearer } from './auth/bearer.ts';
import { deriveCursorSecret } from './config/cursor-secret.ts';
import type { DirectorySettings, GatewayConfig } from './config/gateway-config.ts';
import { readVersion } from './config/version.ts';
import { createGateway } from './gateway/create-gateway.ts';
import type { Gateway } from './gateway/gateway.ts';
import { type AppOptions, createApp } from './http/app.ts';
import { type Listener, listen } from './http/listen.ts';
import { createDirectory } from './ldap/client/directory.ts';
import { type DirectoryConfig, DirectoryConfigError, sendsPlaintext } from './ldap/client/directory-config.ts';
import { detectDialect } from './ldap/dialects/detect-dialect.ts';
import type { DirectoryPort } from './ldap/port.ts';
import { compileMapping } from './mapping/compile-mapping.ts';
import { loadMapping } from './mapping/file/load-mapping.ts';
import type { Observe } from './observe/observation.ts';
import { type Problem, printProblem } from './util/problem.ts';

export interface RunningServer {
  /** Base URL at the socket: where requests arrive, whatever `publicUrl` says. */
  readonly url: string;
  readonly gateway: Gateway;
  /** What start found and could live with. */
  readonly warnings: readonly Problem[];
  /** Takes no more requests, lets running ones end for at most `graceSeconds` (default 20), then unbinds. */
  stop(reason: string, graceSeconds?: number): Promise<void>;
}

/** The server could not start; the text is for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** What is wrong in files, where that is the reason. */
  readonly problems: readonly Problem[];

  constructor(message: string, options: { readonly problems?: readonly Problem[]; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.problems = options.problems ?? [];
  }
}

/** Connects, compiles the mapping against the live schema, listens. Rejects with a `StartError`. */
export async function startServer(config: GatewayConfig, observe: Observe): Promise<RunningServer> {
  const directory = openDirectory(config.directory, observe);
  try {
    const { gateway, etag, warnings } = await openGateway(config, directory, observe);
    const listener = await openListener(config, { gateway, etag, observe });
    const url = printUrl(listener, config.listen.basePath);
    observe({ kind: 'started', url, version: readVersion() });
    return {
      url,
      gateway,
      warnings,
      async stop(reason, graceSeconds = 20) {
        observe({ kind: 'stopping', reason });
        await listener.stop(graceSeconds);
        await gateway.close();
        observe({ kind: 'stopped' });
      },
    };
  } catch (error) {
    await directory.close();
    throw error;
  }
}

function openDirectory(settings: DirectorySettings, observe: Observe): DirectoryPort {
  try {
    return createDirectory(toDirectoryConfig(settings, observe));
  } catch (error) {
    if (error instanceof DirectoryConfigError) throw new StartError(`directory.${error.message}`, { cause: error });
    throw error;
  }
}

async function openGateway(
  config: GatewayConfig,
  directory: DirectoryPort,
  observe: Observe,
): Promise<{ readonly gateway: Gateway; readonly etag: boolean; readonly warnings: readonly Problem[] }> {
  const loaded = await loadMapping(config.mapping.file, { variables: config.mapping.variables });
  if (loaded.mapping === undefined) throw mappingError(loaded.problems);
  const { dialect, subschema } = await readDirectory(config, directory);
  const { matchEntryDn, backLinks } = dialect.capabilities;
  const plaintext = sendsPlaintext(config.directory);
  const compiled = compileMapping(loaded.mapping, { subschema, live: true, matchEntryDn, backLinks, plaintext });
  const problems = [...loaded.problems, ...compiled.problems];
  if (compiled.mapping === undefined) throw mappingError(problems);
  const { mapping } = compiled;
  return {
    gateway: createGateway({
      directory,
      mapping,
      dialect,
      limits: config.limits,
      observe,
      cursorSecret: deriveCursorSecret(config),
    }),
    etag: mapping.resourceTypes.every(({ version }) => version !== undefined),
    warnings: problems,
  };
}

function mappingError(problems: readonly Problem[]): StartError {
  return new StartError(['The mapping cannot be used:', ...problems.map(printProblem)].join('\n'), { problems });
}

async function readDirectory(config: GatewayConfig, directory: DirectoryPort) {
  try {
    const [rootDse, subschema] = [await directory.rootDse(), await directory.subschema()];
    return { dialect: detectDialect(rootDse), subschema };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { urls } = config.directory;
    const named = urls.some((url) => reason.includes(url)) ? '' : ` at ${urls.join(', ')}`;
    throw new StartError(`The directory${named} cannot be used: ${reason}`, {
      cause: error,
    });
  }
}

async function openListener(
  config: GatewayConfig,
  parts: Pick<AppOptions, 'gateway' | 'etag' | 'observe'>,
): Promise<Listener> {
  const { host, port, basePath } = config.listen;
  const app = createApp({
    ...parts,
    authenticator: createAuthenticator([
      bearer(config.credentials.map(({ name, tokenHash, profile }) => ({ tokenHash, principal: { name, profile } }))),
    ]),
    basePath,
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    trustedProxies: config.trustedProxies,
    publicDiscovery: config.publicDiscovery,
    bodyBytes: config.limits.bodyBytes,
    requestSeconds: config.limits.requestSeconds,
  });
  try {
    return await listen(app.callback(), { host, port });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot listen on ${host}, port ${port}: ${reason}`, { cause: error });
  }
}

function printUrl({ host, port }: Listener, basePath: string): string {
  const anywhere = host === '0.0.0.0' || host === '::';
  const name = anywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}${basePath}`;
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
