// The directory of a tenant and the mapping compiled against it: what a gateway is made of, and what the tools look at.
import type { DirectorySettings, TenantConfig } from '../config/gateway-config.ts';
import { ofTenant } from '../config/of-tenant.ts';
import { type CheckPassword, createCheckPassword } from '../ldap/client/check-password.ts';
import { createDirectory, type Directory } from '../ldap/client/directory.ts';
import { type DirectoryConfig, DirectoryConfigError, sendsPlaintext } from '../ldap/client/directory-config.ts';
import { detectDialect } from '../ldap/dialects/detect-dialect.ts';
import type { Dialect } from '../ldap/dialects/dialect.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { compileMapping } from '../mapping/compile-mapping.ts';
import { loadMapping } from '../mapping/file/load-mapping.ts';
import type { LoadedMapping } from '../mapping/file/mapping-file.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import type { Observe } from '../observe/observation.ts';
import { type Problem, printProblem } from '../util/problem.ts';
import { StartError } from './start-error.ts';

/** Throws a `StartError` where passwords of users would travel in the open. */
export function openPasswordCheck({ name, directory }: Pick<TenantConfig, 'name' | 'directory'>): CheckPassword {
  try {
    return createCheckPassword(toDirectoryConfig(directory, () => undefined));
  } catch (error) {
    if (!(error instanceof DirectoryConfigError)) throw error;
    throw new StartError(ofTenant(name, `directory.${error.message}`), { cause: error });
  }
}

/** Connects when it is first asked. Throws a `StartError`. */
export function openDirectory(
  { name, directory }: Pick<TenantConfig, 'name' | 'directory'>,
  observe: Observe,
): Directory {
  try {
    return createDirectory(toDirectoryConfig(directory, observe));
  } catch (error) {
    if (!(error instanceof DirectoryConfigError)) throw error;
    throw new StartError(ofTenant(name, `directory.${error.message}`), { cause: error });
  }
}

export interface OpenMapping {
  readonly loaded: LoadedMapping;
  readonly mapping: CompiledMapping;
  readonly dialect: Dialect;
  /** What one can live with. */
  readonly problems: readonly Problem[];
}

/** Rejects with a `StartError`. */
export async function openMapping(config: TenantConfig, directory: DirectoryPort): Promise<OpenMapping> {
  // Side by side, as neither needs the other; what is wrong with the mapping is told first all the same.
  const read = readDirectory(config, directory);
  read.catch(() => undefined);
  const loaded = await loadMapping(config.mapping.file, { variables: config.mapping.variables });
  if (loaded.mapping === undefined) throw mappingError(config.name, loaded.problems);
  const { dialect, subschema } = await read;
  const { matchEntryDn, backLinks } = dialect.capabilities;
  const plaintext = sendsPlaintext(config.directory);
  const compiled = compileMapping(loaded.mapping, { subschema, live: true, matchEntryDn, backLinks, plaintext });
  const problems = [...loaded.problems, ...compiled.problems];
  if (compiled.mapping === undefined) throw mappingError(config.name, problems);
  return { loaded: loaded.mapping, mapping: compiled.mapping, dialect, problems };
}

function mappingError(name: string, problems: readonly Problem[]): StartError {
  const lines = [ofTenant(name, 'The mapping cannot be used:'), ...problems.map(printProblem)];
  return new StartError(lines.join('\n'), { problems });
}

/** Rejects with a `StartError`. */
export async function readDirectory(config: Pick<TenantConfig, 'name' | 'directory'>, directory: DirectoryPort) {
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
