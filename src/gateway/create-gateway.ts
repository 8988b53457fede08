// Puts a gateway together and runs requests: one SCIM operation is one file beside this one. The only room that awaits
// the directory; it knows neither HTTP nor how LDAP travels.
import { randomBytes } from 'node:crypto';
import type { Dialect } from '../ldap/dialects/dialect.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { type Access, wholeAccess } from '../mapping/access.ts';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../mapping/mapping.ts';
import type { Observe } from '../observe/observation.ts';
import { watchCache } from '../observe/watch-cache.ts';
import { ScimError } from '../scim/error.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import type { ResourceType } from '../scim/schema/schema.ts';
import { changeResource } from './change-resource.ts';
import { createResource } from './create-resource.ts';
import { deleteResource } from './delete-resource.ts';
import { type Asked, toScimError } from './errors.ts';
import { type CountDeletion, defaultLimits, type Gateway, type GatewayLimits, type RequestContext } from './gateway.ts';
import { createKnownTypes } from './known-types.ts';
import { getTypeAccess, permitRequest } from './permit-request.ts';
import { phraseFilters } from './phrase-filters.ts';
import { type Protection, protectEntries } from './protect-entries.ts';
import { readResource } from './read-resource.ts';
import { type OperationRecord, recordOperations } from './record-operations.ts';
import type { Run } from './run.ts';
import { searchResources } from './search-resources.ts';
import { createSerialize } from './serialize.ts';
import { createSnapshots } from './snapshots.ts';

export interface GatewayOptions {
  readonly directory: DirectoryPort;
  readonly dialect: Dialect;
  readonly mapping: CompiledMapping;
  readonly limits?: Partial<GatewayLimits>;
  /** Signs cursors; replicas must have the same. Absent: cursors end with this gateway. */
  readonly cursorSecret?: Buffer;
  readonly observe?: Observe;
  readonly guards?: GatewayGuards;
}

export interface GatewayGuards {
  readonly readOnly?: boolean;
  readonly protection?: Protection;
  readonly deletions?: CountDeletion;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { dialect, mapping } = options;
  const directory = phraseFilters(options.directory, dialect.capabilities);
  const { readOnly = false, protection = noProtection, deletions } = options.guards ?? {};
  const limits = { ...defaultLimits, ...options.limits };
  const snapshots = watchCache('snapshots', createSnapshots(), options.observe);
  const knownTypes = watchCache('types', createKnownTypes(), options.observe);
  const serialize = createSerialize();
  const everything = wholeAccess(mapping);
  const cursorSecret = options.cursorSecret ?? randomBytes(32);
  return {
    resourceTypes: mapping.resourceTypes.map(({ type }) => type),
    schemas: mapping.schemas,
    limits,
    async run(request, context) {
      const access = context.access ?? everything;
      if (readOnly && isChange(request)) throw readsOnly();
      const record: OperationRecord = [];
      const mending = isChange(request) ? recordOperations(directory, record) : directory;
      const run: Run = {
        directory: isChange(request) ? protectEntries(mending, protection) : directory,
        mending,
        dialect,
        compiled: access.seen,
        whole: mapping,
        viewer: access.key,
        limits,
        snapshots,
        knownTypes,
        serialize,
        cursorSecret,
        ...(deletions === undefined ? {} : { countDeletion: deletions }),
        context,
      };
      let status = 500;
      let version: string | undefined;
      let id = 'id' in request ? request.id : undefined;
      try {
        const response = await runOperation(run, access, permitRequest(access, request));
        status = response.status;
        version = response.version;
        id ??= response.location?.slice(response.location.lastIndexOf('/') + 1);
        return response;
      } catch (error) {
        const blamed = isChange(request) ? getResourceMapping(mapping, request.resourceType.name) : undefined;
        const thrown = toScimError(error, askedFor(request), blamed);
        if (typeof thrown === 'object' && thrown !== null && 'status' in thrown) status = Number(thrown.status);
        throw thrown;
      } finally {
        if (isChange(request) && record.length > 0)
          observeChange(options.observe, request, context, { id, status, version, ldap: record });
      }
    },
    async ping(signal) {
      await directory
        .search(
          { base: '', scope: 'base', filter: { kind: 'present', attribute: 'objectClass' }, attributes: ['1.1'] },
          signal === undefined ? {} : { signal },
        )
        .collect();
    },
    tellState: () => options.observe?.({ kind: 'cacheSize', cache: 'snapshots', bytes: snapshots.bytes() }),
    close: () => directory.close(),
  };
}

const noProtection: Protection = { own: [], bases: [], filters: [] };

function readsOnly(): ScimError {
  return new ScimError(403, undefined, 'This gateway only reads at present; nothing was changed.');
}

type Change = Extract<ScimRequest, { operation: 'create' | 'replace' | 'patch' | 'delete' }>;

function isChange(request: ScimRequest): request is Change {
  return !['read', 'search', 'searchAll'].includes(request.operation);
}

function askedFor(request: ScimRequest): Asked {
  if (isChange(request)) return 'change';
  return request.operation === 'read' ? 'read' : 'search';
}

function runOperation(run: Run, access: Access, request: ScimRequest): Promise<ScimResponse> {
  switch (request.operation) {
    case 'search':
      return searchResources(run, [request]);
    case 'searchAll':
      return searchResources(run, request.searches);
    case 'create':
      return createResource(run, mappingOf(access, request), request);
    case 'read':
      return readResource(run, mappingOf(access, request), request);
    case 'replace':
    case 'patch':
      return changeResource(run, mappingOf(access, request), request);
    case 'delete':
      return deleteResource(run, mappingOf(access, request), request);
  }
}

function mappingOf(access: Access, { resourceType }: { readonly resourceType: ResourceType }): ResourceMapping {
  return getTypeAccess(access, resourceType.name).mapping;
}

function observeChange(
  observe: Observe | undefined,
  request: Change,
  context: RequestContext,
  outcome: {
    readonly id: string | undefined;
    readonly status: number;
    readonly version: string | undefined;
    readonly ldap: OperationRecord;
  },
): void {
  const { id, status, version, ldap } = outcome;
  observe?.({
    kind: 'change',
    requestId: context.requestId,
    client: context.client ?? '',
    operation: request.operation,
    resourceType: request.resourceType.name,
    id,
    status,
    ...(version === undefined ? {} : { version }),
    ldap,
  });
}
