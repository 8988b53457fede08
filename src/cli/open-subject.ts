// What `explain` works on: the mapping of a gateway file against its directory, or a mapping by itself against the
// schema of the standards and what is known of the product.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GatewayConfig, TenantConfig } from '../config/gateway-config.ts';
import { loadGatewayFile } from '../config/load-gateway-file.ts';
import type { Explainable } from '../explain/explain-request.ts';
import { detectDialect } from '../ldap/dialects/detect-dialect.ts';
import { knownRootDses } from '../ldap/dialects/known-root-dses.ts';
import { entryOf, LdapEntry } from '../ldap/entry.ts';
import { LdapSyntaxError } from '../ldap/errors.ts';
import { parseLdif } from '../ldap/ldif.ts';
import { standardSubschema } from '../ldap/subschema/standard.ts';
import { compileMapping } from '../mapping/compile-mapping.ts';
import { loadMapping } from '../mapping/file/load-mapping.ts';
import type { LoadedMapping, MappingSource } from '../mapping/file/mapping-file.ts';
import { clientProfiles } from '../scim/profile.ts';
import { openDirectory, openMapping } from '../tenant/open-mapping.ts';
import { StartError } from '../tenant/start-error.ts';
import { didYouMean } from '../util/did-you-mean.ts';
import { type Problem, printProblem } from '../util/problem.ts';
import { type Call, type CommandOption, UsageError } from './command.ts';

export const tenantOption: CommandOption = {
  name: 'tenant',
  value: 'NAME',
  summary: 'which tenant of a gateway file that has several',
};

export const subjectOptions: readonly CommandOption[] = [
  { name: 'config', value: 'FILE', summary: 'the gateway file (default gateway.yaml)' },
  tenantOption,
  { name: 'mapping', value: 'FILE', summary: 'a mapping file alone, instead of a gateway file' },
  { name: 'profile', value: 'NAME', summary: 'read the request as of a client of this profile' },
  {
    name: 'product',
    value: 'NAME',
    summary: `without --live: the directory, ${[...knownRootDses.keys()].join(', ')} or generic`,
  },
  { name: 'ldif', value: 'FILE', summary: 'without --live: the entries that there are' },
  { name: 'live', summary: 'read the directory of the gateway file; nothing is written' },
];

export interface Subject {
  readonly subject: Explainable;
  readonly source: MappingSource;
  close(): Promise<void>;
}

/** Rejects with a `StartError` or a `UsageError`. */
export async function openSubject(call: Call): Promise<Subject> {
  const live = call.switches.has('live');
  const alone = call.values.get('mapping');
  if (live && alone !== undefined) throw new UsageError('--live needs a gateway file, not --mapping');
  for (const name of ['product', 'ldif'])
    if (live && call.values.has(name)) throw new UsageError(`--live and --${name} exclude one another`);
  const profile = profileOf(call);
  if (alone !== undefined) return imagine(call, { file: alone, variables: {} }, profile);
  const file = call.values.get('config') ?? 'gateway.yaml';
  const { config, problems } = loadGatewayFile(file);
  if (config === undefined) throw filesWrong(`${file} cannot be used`, problems);
  const tenant = chooseTenant(config, call.values.get('tenant'));
  if (!live) return imagine(call, tenant.mapping, { ...profile, limits: tenant.limits });
  const directory = openDirectory(tenant, () => {});
  try {
    const { mapping, dialect, loaded } = await openMapping(tenant, directory);
    const { limits, publicUrl } = tenant;
    const base = publicUrl === undefined ? {} : { baseUrl: publicUrl };
    return {
      subject: { mapping, dialect, limits, live: directory, ...base, ...profile },
      source: loaded.source,
      close: () => directory.close(),
    };
  } catch (error) {
    await directory.close();
    throw error;
  }
}

/** Throws a `UsageError` where the name says no tenant, or there are several and no name. */
export function chooseTenant({ tenants }: Pick<GatewayConfig, 'tenants'>, name: string | undefined): TenantConfig {
  const names = tenants.map((tenant) => tenant.name);
  const found = name === undefined && tenants.length === 1 ? tenants[0] : tenants.find((each) => each.name === name);
  if (found !== undefined) return found;
  if (name === undefined)
    throw new UsageError(`the gateway file has several tenants; say --tenant ${names.join(' or ')}`);
  const hint = didYouMean(name, names);
  throw new UsageError(`there is no tenant "${name}"${hint === undefined ? '' : `; ${hint}`}`);
}

async function imagine(
  call: Call,
  { file, variables }: { readonly file: string; readonly variables: Readonly<Record<string, string>> },
  more: Partial<Explainable>,
): Promise<Subject> {
  const shown = file.startsWith('scim-ldap/') ? file : path.relative('', file);
  const { mapping: loaded, problems } = await loadMapping(shown, { variables });
  if (loaded === undefined) throw filesWrong(`${shown} cannot be used`, problems);
  const product = call.values.get('product') ?? productOf(loaded);
  const rootDse = product === 'generic' ? new LdapEntry('', new Map()) : knownRootDses.get(product);
  if (rootDse === undefined) {
    const hint =
      didYouMean(product, knownRootDses.keys()) ?? `one of ${[...knownRootDses.keys(), 'generic'].join(', ')}`;
    throw new UsageError(`there is no product "${product}"; ${hint}`);
  }
  const dialect = detectDialect(rootDse);
  const { matchEntryDn, backLinks } = dialect.capabilities;
  const compiled = compileMapping(loaded, { subschema: standardSubschema, live: false, matchEntryDn, backLinks });
  if (compiled.mapping === undefined) throw filesWrong(`${shown} cannot be used`, compiled.problems);
  const ldif = call.values.get('ldif');
  const entries = ldif === undefined ? {} : { entries: readEntries(ldif) };
  return {
    subject: { mapping: compiled.mapping, dialect, ...entries, ...more },
    source: loaded.source,
    close: () => Promise.resolve(),
  };
}

/** The product in whose folder a file is that the mapping extends. */
function productOf({ file, source }: LoadedMapping): string {
  const places = Object.entries(file.resourceTypes).flatMap(([type, { attributes }]) =>
    [[], ...Object.keys(attributes).map((key) => ['attributes', key])].map(
      (key) => source.locate(['resourceTypes', type, ...key]).file,
    ),
  );
  const folders = new Set(places.flatMap((place) => place.split(/[\\/]/).slice(0, -1)));
  return [...knownRootDses.keys()].find((name) => folders.has(name)) ?? 'generic';
}

function profileOf(call: Call): Pick<Explainable, 'profile'> {
  const name = call.values.get('profile');
  if (name === undefined) return {};
  const profile = clientProfiles.get(name);
  if (profile !== undefined) return { profile };
  const hint = didYouMean(name, clientProfiles.keys()) ?? `one of ${[...clientProfiles.keys()].join(', ')}`;
  throw new UsageError(`there is no profile "${name}"; ${hint}`);
}

function readEntries(file: string): readonly LdapEntry[] {
  try {
    return parseLdif(readFileSync(file, 'utf8')).flatMap((record) =>
      record.kind === 'entry' || record.kind === 'add' ? [entryOf(record)] : [],
    );
  } catch (error) {
    if (error instanceof LdapSyntaxError) throw new StartError(`${file}: ${error.message}`);
    throw new StartError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function filesWrong(what: string, problems: readonly Problem[]): StartError {
  return new StartError([`${what}:`, ...problems.map(printProblem)].join('\n'), { problems });
}
