// What a SCIM request becomes: each LDAP operation in the order in which the gateway sends it. The gateway itself runs the
// request, against a directory that is imagined, so that nothing here plans anything a second time.
import { createGateway } from '../gateway/create-gateway.ts';
import { defaultLimits, type GatewayLimits } from '../gateway/gateway.ts';
import type { Dialect } from '../ldap/dialects/dialect.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { type CompiledMapping, getResourceMapping } from '../mapping/mapping.ts';
import { planFetch } from '../mapping/plan-fetch.ts';
import type { ReferenceNeed } from '../mapping/references.ts';
import { ScimError } from '../scim/error.ts';
import { type ClientProfile, interop } from '../scim/profile.ts';
import type { ScimRequest, SearchRequest } from '../scim/request.ts';
import type { Resource } from '../scim/resource.ts';
import { explainFilter, type FilterExplanation } from './explain-filter.ts';
import { imagineDirectory } from './imagined-directory.ts';
import { withholdWrites } from './live-directory.ts';
import { readRequest, type WrittenRequest } from './read-request.ts';
import { type WatchedOperation, watchOperations } from './watched-directory.ts';

export interface Explainable {
  readonly mapping: CompiledMapping;
  readonly dialect: Dialect;
  readonly limits?: Partial<GatewayLimits>;
  readonly profile?: ClientProfile;
  /** Without a trailing slash; for locations in what is shown. */
  readonly baseUrl?: string;
  /** Is read from, never written to; absent: everything is imagined. */
  readonly live?: DirectoryPort;
  /** All that the imagined directory holds; absent: entries are invented as they are needed. */
  readonly entries?: readonly LdapEntry[];
}

export interface RequestExplanation {
  readonly kind: 'request';
  readonly method: string;
  readonly target: string;
  readonly resourceTypes: readonly string[];
  /** Of a query with a filter: one for each type. */
  readonly filters: readonly FilterExplanation[];
  readonly operations: readonly ExplainedOperation[];
  /** What is looked up to show what is found. */
  readonly lookUps: readonly string[];
  readonly answer: {
    readonly status: number;
    readonly scimType?: string;
    readonly detail?: string;
    /** Of a request that reads the live directory, or given entries. */
    readonly body?: Resource;
  };
  /** What was invented, or withheld. */
  readonly source: 'invented' | 'given' | 'live';
}

export interface ExplainedOperation extends WatchedOperation {
  readonly writes: boolean;
}

/** A request that a client would be refused is explained by the answer to it; anything else that goes wrong rejects. */
export async function explainRequest(written: WrittenRequest, subject: Explainable): Promise<RequestExplanation> {
  const { mapping, limits, profile = interop } = subject;
  const source = subject.live !== undefined ? 'live' : subject.entries !== undefined ? 'given' : 'invented';
  const types = mapping.resourceTypes.map(({ type }) => type);
  const head = { kind: 'request', method: written.method.toUpperCase(), target: written.target, source } as const;
  let request: ScimRequest;
  try {
    request = readRequest(written, { types, limits: { ...defaultLimits, ...limits }, profile });
  } catch (error) {
    return { ...head, resourceTypes: [], filters: [], operations: [], lookUps: [], answer: refusalOf(error) };
  }
  const searches = searchesOf(request);
  const { answer, operations } = await runOn(subject, request);
  const reads = isRead(request);
  return {
    ...head,
    resourceTypes: (searches.length > 0 ? searches : [request]).flatMap((each) =>
      'resourceType' in each ? [each.resourceType.name] : [],
    ),
    filters: searches.flatMap(({ query, resourceType }) =>
      query.filter === undefined
        ? []
        : [explainFilter(query.filter, getResourceMapping(mapping, resourceType.name), mapping)],
    ),
    operations,
    lookUps: lookUpsOf(request, mapping),
    answer: reads && source !== 'invented' ? answer : withoutBody(answer),
  };
}

/** The gateway's answer, with every operation that it sent; a refusal is an answer. */
export async function runOn(
  subject: Explainable,
  request: ScimRequest,
): Promise<{ readonly answer: RequestExplanation['answer']; readonly operations: readonly ExplainedOperation[] }> {
  const { mapping, dialect, limits, profile = interop, live, baseUrl = '', entries } = subject;
  const imagined = imagineDirectory({
    mapping,
    dialect,
    findsAny: isRead(request),
    ...(entries === undefined ? {} : { entries }),
  });
  const watched = watchOperations(live === undefined ? imagined : withholdWrites(live, imagined), mapping);
  const gateway = createGateway({
    directory: watched.directory,
    mapping,
    dialect,
    ...(limits === undefined ? {} : { limits }),
  });
  const context = { baseUrl, profile, requestId: 'explain', access: undefined, signal: new AbortController().signal };
  let answer: RequestExplanation['answer'];
  try {
    const { status, body } = await gateway.run(request, context);
    answer = { status, ...(body === undefined ? {} : { body }) };
  } catch (error) {
    answer = refusalOf(error);
  }
  return {
    answer,
    operations: watched.operations.map((each) => ({
      ...each,
      writes: each.sent.operation !== 'search' && each.sent.operation !== 'compare',
      // Nothing was asked, so nothing took time.
      ...(live === undefined ? { milliseconds: undefined } : {}),
    })),
  };
}

function isRead({ operation }: ScimRequest): boolean {
  return operation === 'read' || operation === 'search' || operation === 'searchAll';
}

function searchesOf(request: ScimRequest): readonly SearchRequest[] {
  if (request.operation === 'searchAll') return request.searches;
  return request.operation === 'search' ? [request] : [];
}

function withoutBody({ body: _body, ...rest }: RequestExplanation['answer']): RequestExplanation['answer'] {
  return rest;
}

function refusalOf(error: unknown): RequestExplanation['answer'] {
  if (!(error instanceof ScimError)) throw error;
  const { status, scimType, detail } = error;
  return { status, detail, ...(scimType === undefined ? {} : { scimType }) };
}

/** What the answer needs of other entries, told in words. */
function lookUpsOf(request: ScimRequest, mapping: CompiledMapping): readonly string[] {
  const shown = request.operation === 'searchAll' ? request.searches : request.operation === 'delete' ? [] : [request];
  return [
    ...new Set(
      shown.flatMap(({ resourceType, projection }) =>
        planFetch(getResourceMapping(mapping, resourceType.name), projection).needs.map(describeNeed),
      ),
    ),
  ];
}

function describeNeed(need: ReferenceNeed): string {
  if (need.kind === 'backlink') {
    const from = need.sources.map(({ type, attribute, by }) =>
      by === undefined ? `${type} by its ${attribute}` : `${type} by its ${attribute}, which is the ${by} here`,
    );
    return `who points here: ${from.join('; ')}${need.nested ? ', and who holds those' : ''}`;
  }
  const what = need.by === undefined ? 'DNs' : `values of ${need.by}`;
  return `${need.attribute}: ${what} of ${need.types.join(' or ')}, whose ids are looked up`;
}
