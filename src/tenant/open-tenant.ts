// Makes the gateway of one tenant from the configuration of that tenant: directory, mapping, credentials, HTTP app.
// Nothing that is made here is ever given to another one, so what a tenant knows (connections, snapshots, keys of
// cursors, limits) cannot reach the next; what they have in common is the process and its socket.
import { createHmac } from 'node:crypto';
import { type Authenticator, createAuthenticator } from '../auth/authenticate.ts';
import { type Authorize, authorizing } from '../auth/authorization.ts';
import { defaultBackOff } from '../auth/back-off.ts';
import { createMethods, type MethodPorts } from '../auth/create-methods.ts';
import { resourceRule } from '../auth/credential.ts';
import type { PasswordDirectory } from '../auth/directory-password.ts';
import { deriveCursorSecret } from '../config/cursor-secret.ts';
import type { TenantConfig } from '../config/gateway-config.ts';
import { ofTenant, problemsOfTenant } from '../config/of-tenant.ts';
import { toAuthorize } from '../config/to-authorization.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import type { CountDeletion, Gateway } from '../gateway/gateway.ts';
import { identifyEntry } from '../gateway/identify-entry.ts';
import { findOwnAccount } from '../gateway/own-account.ts';
import { createApp } from '../http/app.ts';
import type { CertificateHeader } from '../http/client-certificate.ts';
import type { RequestHandler } from '../http/listen.ts';
import type { Directory } from '../ldap/client/directory.ts';
import type { Dialect } from '../ldap/dialects/dialect.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import type { Observe } from '../observe/observation.ts';
import { type Problem, printProblem } from '../util/problem.ts';
import { createFindResource, explainRule } from './find-resource.ts';
import { openDeletions } from './open-deletions.ts';
import { openDirectory, openMapping, openPasswordCheck } from './open-mapping.ts';
import { StartError } from './start-error.ts';

export interface OpenTenant {
  readonly gateway: Gateway;
  readonly handle: RequestHandler;
  /** What was found and could be lived with. */
  readonly warnings: readonly Problem[];
  /** Tells how things stand, as observations. */
  tellState(): void;
  /** Forgets how many were deleted or disabled so far. */
  liftGuards(): Promise<void>;
  close(): Promise<void>;
}

export interface TenantSurroundings {
  readonly trustedProxies: readonly string[];
  readonly clientCertificateHeader?: CertificateHeader;
  readonly observe: Observe;
}

/** Connects and compiles the mapping against the live schema. Rejects with a `StartError`. */
export async function openTenant(config: TenantConfig, around: TenantSurroundings): Promise<OpenTenant> {
  const directory = openDirectory(config, around.observe);
  try {
    const deletions = await openDeletions(config, around.observe);
    const open = await openGateway(config, directory, deletions?.count, around.observe);
    const { gateway, mapping, secret, warnings } = open;
    const ports: MethodPorts = {
      findResource: createFindResource(gateway),
      directory: createPasswordDirectory(config, directory, mapping),
      hobaSecret: createHmac('sha256', secret).update('HOBA').digest(),
    };
    const app = createApp({
      gateway,
      etag: mapping.resourceTypes.every(({ version }) => version !== undefined),
      observe: around.observe,
      authenticator: authorizing(openAuthenticator(config, gateway, ports), compileRules(config, mapping)),
      basePath: config.basePath,
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
      trustedProxies: around.trustedProxies,
      ...(around.clientCertificateHeader === undefined
        ? {}
        : { clientCertificateHeader: around.clientCertificateHeader }),
      publicDiscovery: config.publicDiscovery,
      bodyBytes: config.limits.bodyBytes,
      requestSeconds: config.limits.requestSeconds,
    });
    return {
      gateway,
      handle: app.callback(),
      warnings,
      tellState() {
        gateway.tellState();
        directory.tellState();
      },
      async liftGuards() {
        await deletions?.lift();
        around.observe({ kind: 'guardLifted' });
      },
      async close() {
        await Promise.all([gateway.close(), deletions?.close()]);
      },
    };
  } catch (error) {
    await directory.close();
    throw error;
  }
}

/** Throws a `StartError` where a credential ties its callers to what the mapping has not. */
function openAuthenticator(
  { name, credentials, limits }: TenantConfig,
  gateway: Gateway,
  ports: MethodPorts,
): Authenticator {
  for (const credential of credentials) {
    const rule = resourceRule(credential);
    const wrong = rule === undefined ? undefined : explainRule(gateway, rule);
    if (wrong !== undefined) throw new StartError(ofTenant(name, `The credential ${credential.name}: ${wrong}`));
  }
  const { authenticationFailures: failures, authenticationWaitSeconds: maxSeconds } = limits;
  return createAuthenticator(createMethods(credentials, ports), {
    backOff: { ...defaultBackOff, failures, maxSeconds },
  });
}

/** What the methods of authentication ask of the directory; a password is checked on a connection of its own. */
function createPasswordDirectory(
  config: TenantConfig,
  directory: DirectoryPort,
  mapping: CompiledMapping,
): PasswordDirectory {
  const usesPasswords = config.credentials.some(
    ({ method }) => method.kind === 'basic' && method.source === 'directory',
  );
  const bind = usesPasswords ? openPasswordCheck(config) : () => Promise.resolve(false);
  const options = () => ({ signal: AbortSignal.timeout(config.directory.timeouts.operationSeconds * 1000) });
  return {
    bind,
    async find(search) {
      const stream = directory.search({ ...search, attributes: ['1.1'], sizeLimit: 2 }, options());
      return (await stream.collect()).entries.map(({ dn }) => dn);
    },
    identify: (dn) => identifyEntry(directory, mapping, dn, options().signal),
  };
}

interface OpenGateway {
  readonly gateway: Gateway;
  readonly mapping: CompiledMapping;
  /** The same for replicas of the same configuration. */
  readonly secret: Buffer;
  readonly warnings: readonly Problem[];
}

async function openGateway(
  config: TenantConfig,
  directory: Directory,
  deletions: CountDeletion | undefined,
  observe: Observe,
): Promise<OpenGateway> {
  // Beside the rest, as it needs nothing of it.
  const cursorSecret = deriveCursorSecret(config);
  cursorSecret.catch(() => undefined);
  const { mapping, dialect, problems } = await openMapping(config, directory);
  const own = await findOwn(config, directory, dialect);
  return {
    gateway: createGateway({
      directory,
      mapping,
      dialect,
      limits: config.limits,
      observe,
      cursorSecret: await cursorSecret,
      guards: {
        readOnly: config.guards.readOnly,
        protection: { own, ...config.guards.protect },
        ...(deletions === undefined ? {} : { deletions }),
      },
    }),
    mapping,
    secret: await cursorSecret,
    warnings: problemsOfTenant(config.name, problems),
  };
}

/** What each credential may do, by name; those that may do everything are left out. */
function compileRules({ name, credentials }: TenantConfig, mapping: CompiledMapping): ReadonlyMap<string, Authorize> {
  const problems: Problem[] = [];
  const rules = credentials.flatMap((credential): [string, Authorize][] =>
    credential.authorization === undefined
      ? []
      : [[credential.name, toAuthorize(mapping, credential.authorization, problems)]],
  );
  if (problems.length === 0) return new Map(rules);
  const lines = [ofTenant(name, 'The permissions cannot be used:'), ...problems.map(printProblem)];
  throw new StartError(lines.join('\n'), { problems });
}

/** Throws where the account may not be looked up: a gateway that could change itself does not start. */
async function findOwn({ name, directory: { bind } }: TenantConfig, directory: Directory, dialect: Dialect) {
  try {
    return await findOwnAccount(directory, dialect, bind !== undefined && 'dn' in bind ? bind.dn : undefined);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(ofTenant(name, `The gateway's own account cannot be found out: ${reason}`), { cause: error });
  }
}
