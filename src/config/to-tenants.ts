// The tenants of a gateway file. What a tenant does not say itself it has from the top of the file, all but who may call
// it: credentials that stand where no tenant is named would open every door.
import { defaultBackOff } from '../auth/back-off.ts';
import { takesTheSame } from '../auth/credential.ts';
import { defaultLimits } from '../gateway/gateway.ts';
import { resolveMappingPath } from '../mapping/file/read-layers.ts';
import type { FileReader } from './file-reader.ts';
import type { TenantConfig } from './gateway-config.ts';
import type { GatewayFile, TenantBlock } from './gateway-file.ts';
import { toCredentials } from './to-credentials.ts';
import { toDirectorySettings } from './to-directory-settings.ts';
import { toGuards } from './to-guards.ts';

const defaultBasePath = '/scim/v2';

/** One without a name where the file has no `tenants`. One that cannot be is left out, with a problem. */
export function toTenants(file: GatewayFile, reader: FileReader): readonly TenantConfig[] {
  if (file.tenants === undefined) {
    const path = file.listen?.path;
    const only = toTenant('', { ...file, ...(path === undefined ? {} : { path }) }, { block: file, reader }, reader);
    return only === undefined ? [] : [only];
  }
  refuseAtTop(file, reader);
  const tenants = Object.entries(file.tenants).flatMap(([name, block]) => {
    return toTenant(name, block, { block: file, reader }, reader.within(['tenants', name])) ?? [];
  });
  for (const [index, tenant] of tenants.entries()) {
    for (const other of tenants.slice(0, index)) checkApart(tenant, other, reader.within(['tenants', tenant.name]));
  }
  return tenants;
}

function refuseAtTop(file: GatewayFile, reader: FileReader): void {
  for (const key of ['credentials', 'publicUrl'] as const) {
    if (file[key] === undefined) continue;
    reader.report('conflict', 'error', [key], 'belongs to each tenant where there are tenants', `tenants.NAME.${key}`);
  }
}

/** Where what a tenant does not say itself is looked for. */
interface Top {
  readonly block: GatewayFile;
  readonly reader: FileReader;
}

function toTenant(name: string, block: TenantBlock, top: Top, reader: FileReader): TenantConfig | undefined {
  const publicUrl = block.publicUrl?.replace(/\/+$/, '');
  const ownPath = block.path ?? (publicUrl === undefined ? undefined : pathOf(publicUrl));
  const directory = toDirectory(block, top, reader);
  const credentials = toCredentials(block.credentials ?? [], reader);
  const limits = toLimits(block, top, reader);
  const mapping = toMapping(block, top, reader);
  if (directory === undefined || mapping === undefined) return undefined;
  return {
    name,
    hosts: (block.hosts ?? []).map((host) => host.toLowerCase()),
    basePath: ownPath ?? top.block.listen?.path ?? defaultBasePath,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    directory,
    mapping,
    credentials,
    publicDiscovery: block.discovery?.public ?? top.block.discovery?.public ?? 'serviceProviderConfig',
    limits,
    guards: toGuards(block.guards ?? top.block.guards ?? {}, block.guards === undefined ? top.reader : reader),
  };
}

function pathOf(url: string): string {
  return URL.parse(url)?.pathname.replace(/\/+$/, '') ?? '';
}

function toDirectory(block: TenantBlock, top: Top, reader: FileReader): TenantConfig['directory'] | undefined {
  if (block.directory !== undefined) return toDirectorySettings(block.directory, reader);
  if (top.block.directory !== undefined) return toDirectorySettings(top.block.directory, top.reader);
  reader.report('missingKey', 'error', [], '"directory" is missing', 'here, or at the top for all tenants');
  return undefined;
}

function toMapping(block: TenantBlock, top: Top, reader: FileReader): TenantConfig['mapping'] | undefined {
  const variables = { ...top.block.mapping?.variables, ...block.mapping?.variables };
  const place = block.mapping?.file === undefined ? top.reader : reader;
  const file = block.mapping?.file ?? top.block.mapping?.file;
  if (file === undefined) {
    const at = block.mapping === undefined ? [] : ['mapping'];
    const what = block.mapping === undefined ? '"mapping"' : '"file"';
    reader.report('missingKey', 'error', at, `${what} is missing`, 'here, or at the top for all tenants');
    return undefined;
  }
  const actual = resolveMappingPath(file, place.folder);
  place.readText(['mapping', 'file'], file, actual);
  return { file: actual, variables };
}

function toLimits(block: TenantBlock, top: Top, reader: FileReader): TenantConfig['limits'] {
  const limits = {
    ...defaultLimits,
    bodyBytes: 8_388_608,
    requestSeconds: 30,
    authenticationFailures: defaultBackOff.failures,
    authenticationWaitSeconds: defaultBackOff.maxSeconds,
    ...top.block.limits,
    ...block.limits,
  };
  const { defaultCount, maxCount } = limits;
  if (defaultCount > maxCount) {
    const message = `must not be above maxCount, which is ${maxCount}`;
    const place = block.limits === undefined ? top.reader : reader;
    place.report('wrongValue', 'error', ['limits', 'defaultCount'], message);
  }
  return limits;
}

/** Each request must be for one tenant at most, and each token open one door. */
function checkApart(tenant: TenantConfig, other: TenantConfig, reader: FileReader): void {
  const [myPath, theirPath] = [`${tenant.basePath}/`, `${other.basePath}/`];
  const sameHost =
    tenant.hosts.length === 0 ? other.hosts.length === 0 : tenant.hosts.some((host) => other.hosts.includes(host));
  if (sameHost && (myPath.startsWith(theirPath) || theirPath.startsWith(myPath))) {
    const message = `${shown(tenant)} and ${shown(other)} of ${other.name} are the same or one within the other`;
    reader.report('tenantOverlap', 'error', [], message, 'tell the tenants apart by path or by hosts');
  }
  for (const credential of tenant.credentials) {
    const same = other.credentials.find((each) => takesTheSame(credential, each));
    if (same === undefined) continue;
    const message = `${credential.name} takes the same tokens as ${same.name} of ${other.name}`;
    reader.report('duplicateCredential', 'error', ['credentials'], message);
  }
}

function shown({ basePath }: TenantConfig): string {
  return basePath === '' ? 'the path /' : `the path ${basePath}`;
}
