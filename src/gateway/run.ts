// What every SCIM operation works with: the parts of the gateway that outlive a request, and the request at hand.
import type { Dialect } from '../ldap/dialects/dialect.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { and, equality, filterAttributes, isMatchNone, type LdapFilter } from '../ldap/filter.ts';
import type { RequestControl, SearchRequest } from '../ldap/operations.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { resultCode } from '../ldap/result-codes.ts';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../mapping/mapping.ts';
import { type FetchPlan, readId } from '../mapping/plan-fetch.ts';
import { isOfType } from '../mapping/reach.ts';
import type { ReferenceNeed } from '../mapping/references.ts';
import { ScimError } from '../scim/error.ts';
import { createMemory } from '../util/memory.ts';
import type { CountDeletion, GatewayLimits, RequestContext } from './gateway.ts';
import type { KnownTypes } from './known-types.ts';
import type { Serialize } from './serialize.ts';
import type { Snapshots } from './snapshots.ts';

export interface Run {
  readonly directory: DirectoryPort;
  /** The same without protected entries, for references that have to be mended wherever they are. */
  readonly mending: DirectoryPort;
  readonly dialect: Dialect;
  /** As far as the caller sees it. */
  readonly compiled: CompiledMapping;
  /** All of it, for what must hold whoever asks: references that are mended, names that are taken. */
  readonly whole: CompiledMapping;
  /** Equal for callers who see the same. */
  readonly viewer: string;
  readonly limits: GatewayLimits;
  readonly snapshots: Snapshots;
  readonly knownTypes: KnownTypes;
  readonly serialize: Serialize;
  /** Signs cursors; the same in all replicas. */
  readonly cursorSecret: Buffer;
  /** Around writes that delete or disable; absent where they are not limited. */
  readonly countDeletion?: CountDeletion;
  readonly context: RequestContext;
}

/** The filter for one id; undefined where the text cannot be an id of this type. */
export function idFilter(mapping: ResourceMapping, id: string): LdapFilter | undefined {
  const value = mapping.id.transform.toAssertion?.({ type: 'string', value: id });
  return value === undefined ? undefined : and(mapping.entry.filter, equality(mapping.id.attribute, value));
}

/** One search per base of the type. What comes may have to be held against `isOfType`, as `findEntries` does. */
export function searchesOf(
  mapping: ResourceMapping,
  filter: LdapFilter,
  attributes: readonly string[],
  extra: Pick<SearchRequest, 'sizeLimit' | 'pageSize' | 'controls'> = {},
): SearchRequest[] {
  if (isMatchNone(filter)) return [];
  const { bases, scope, limit } = mapping.entry;
  const read = limit === undefined || limit.exact ? attributes : [...new Set([...attributes, ...limit.attributes])];
  return bases.map((base) => ({ base, scope, filter, attributes: read, ...extra }));
}

/** Asks for the ids of referenced entries along with the entry, where the directory can (one answer instead of many). */
export function derefControls(run: Run, needs: readonly ReferenceNeed[]): readonly RequestControl[] {
  return recallControls(needs, run.dialect.name, () => {
    const { deref } = run.dialect.capabilities;
    const followed = needs.flatMap((need) => (need.kind === 'forward' && need.by === undefined ? [need] : []));
    if (!deref) return followed.some(({ types }) => isKnownByGuid(run, types)) ? EXTENDED_DN : NO_CONTROLS;
    const items = followed.map(({ attribute, types }) => {
      const attributes = new Set(types.flatMap((type) => [...targetAttributes(run, type)]));
      return { attribute, attributes: [...attributes] };
    });
    return items.length === 0 ? NO_CONTROLS : Object.freeze([{ kind: 'deref', items }]);
  });
}

/** Whether an extended DN tells the id of a resource, whichever of the types it has. */
export function isKnownByGuid({ dialect, compiled }: Run, types: readonly string[]): boolean {
  const guid = dialect.capabilities.extendedDn?.toLowerCase();
  return types.every((type) => getResourceMapping(compiled, type).id.attribute.toLowerCase() === guid);
}

const NO_CONTROLS: readonly RequestControl[] = Object.freeze([]);
const EXTENDED_DN: readonly RequestControl[] = Object.freeze([{ kind: 'extendedDn' }]);
/** By the needs of a plan and the name of the dialect. */
const recallControls = createMemory<readonly ReferenceNeed[], readonly RequestControl[]>(4);
/** By the name of a resource type. */
const recallTargets = createMemory<CompiledMapping, readonly string[]>(100);

/** Attributes that tell which resource an entry is: its type, id, name and key values. */
export function targetAttributes(run: Run, typeName: string): readonly string[] {
  return recallTargets(run.compiled, typeName, () => {
    const mapping = run.compiled.resourceTypes.find((each) => each.type.name === typeName);
    return mapping === undefined
      ? []
      : Object.freeze([
          ...new Set([
            ...mapping.targetAttributes,
            ...filterAttributes(mapping.entry.filter),
            ...(mapping.entry.limit?.attributes ?? []),
          ]),
        ]);
  });
}

/** Entries per page of a paged search: larger pages cost more memory and gain nothing. */
export const LDAP_PAGE = 500;

/** The entries of the type that match one of the filters; where several match one, it comes as often. */
export async function findEntries(
  run: Run,
  mapping: ResourceMapping,
  filters: readonly LdapFilter[],
  attributes: readonly string[],
  extra: Pick<SearchRequest, 'sizeLimit' | 'controls'> = {},
): Promise<readonly LdapEntry[]> {
  const searches = filters.flatMap((filter) => searchesOf(mapping, filter, attributes, extra));
  const found = await collect(run, searches);
  const { entry: rules } = mapping;
  return rules.exclude.length === 0 && rules.limit === undefined
    ? found
    : found.filter((entry) => isOfType(rules, entry));
}

/** All entries of the answers to some searches. */
export async function collect(run: Run, requests: readonly SearchRequest[]): Promise<readonly LdapEntry[]> {
  const [first] = requests;
  if (first !== undefined && requests.length === 1) return collectOne(run, first);
  const answers = await Promise.all(requests.map((request) => collectOne(run, request)));
  return answers.flat();
}

/**
 * What a directory cuts short without having been asked to comes in pages: Windows ends a search after 1,000 entries. To
 * ask for pages at once would cost every small search a connection of its own.
 */
async function collectOne(run: Run, request: SearchRequest): Promise<readonly LdapEntry[]> {
  const options = { signal: run.context.signal };
  try {
    return (await run.directory.search(request, options).collect()).entries;
  } catch (error) {
    const cut = error instanceof LdapError && error.code === resultCode.sizeLimitExceeded;
    if (!cut || request.sizeLimit !== undefined || !run.dialect.capabilities.pagedResults) throw error;
    return (await run.directory.search({ ...request, pageSize: LDAP_PAGE }, options).collect()).entries;
  }
}

/** The entry of an id with what a plan needs; throws 404 where no resource of the type has it (C2, C4). */
export async function getEntry(
  run: Run,
  mapping: ResourceMapping,
  id: string,
  plan: Pick<FetchPlan, 'attributes' | 'needs'>,
): Promise<LdapEntry> {
  const found = await findById(run, mapping, id, plan.attributes, derefControls(run, plan.needs));
  if (found === undefined) throw notFound(mapping, id);
  return found;
}

/** `attributes` has the id's own among them. */
export async function findById(
  run: Run,
  mapping: ResourceMapping,
  id: string,
  attributes: readonly string[],
  controls: readonly RequestControl[] = [],
): Promise<LdapEntry | undefined> {
  const filter = idFilter(mapping, id);
  if (filter === undefined) return undefined;
  const entries = await findEntries(run, mapping, [filter], attributes, { controls });
  // C3: ids are compared exactly, whatever the directory's matching rule holds to be equal.
  return entries.find((entry) => readId(mapping, entry) === id);
}

/** The entry by its DN, right after it was written. */
export async function readBack(
  run: Run,
  dn: string,
  plan: Pick<FetchPlan, 'attributes' | 'needs'>,
): Promise<LdapEntry> {
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  const controls = derefControls(run, plan.needs);
  const [entry] = await collect(run, [{ base: dn, scope: 'base', filter, attributes: plan.attributes, controls }]);
  if (entry === undefined) throw new Error('The entry just written cannot be read back');
  return entry;
}

export function notFound(mapping: ResourceMapping, id: string): ScimError {
  const shown = id.length > 80 ? `${id.slice(0, 80)}...` : id;
  return new ScimError(404, undefined, `${mapping.type.name} ${JSON.stringify(shown)} not found.`);
}

/** Whether the directory cut a search short. */
export function isSizeLimit(error: unknown): boolean {
  return (
    error instanceof LdapError &&
    (error.code === resultCode.sizeLimitExceeded || error.code === resultCode.adminLimitExceeded)
  );
}
