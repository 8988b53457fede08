// From the decoded parts of an HTTP request to a `ScimRequest`: one function per operation. Everything that can be
// refused without the directory is refused here.
import { parsePreconditions } from './etag.ts';
import {
  type PageLimits,
  parseProjection,
  parseSearchBody,
  parseSearchQueries,
  parseSearchQuery,
  type QueryInput,
  type QueryParameters,
  readQueryParameters,
} from './parse-query.ts';
import { parsePatch } from './patch/parse-patch.ts';
import type { ClientProfile } from './profile.ts';
import { afterWrite } from './projection.ts';
import type { Preconditions, Projection, ScimRequest, SearchAllRequest } from './request.ts';
import { getAttribute, type Resource } from './resource.ts';
import { attributeRefs } from './schema/attribute-refs.ts';
import type { AttributeRef, ResourceType } from './schema/schema.ts';
import { findCleared, validateResource } from './validate-resource.ts';

export interface RequestParts {
  readonly resourceType: ResourceType;
  readonly profile: ClientProfile;
  readonly parameters: QueryParameters;
  /** Values of the headers of these names; absent or empty ones say nothing. */
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly prefer?: string | undefined;
}

interface Identified {
  readonly id: string;
}

interface WithBody {
  /** As parsed from JSON. */
  readonly body: unknown;
}

type Request<Operation extends ScimRequest['operation']> = Extract<ScimRequest, { readonly operation: Operation }>;

/** POST to a type's endpoint (RFC 7644 s3.3). */
export function parseCreate(parts: RequestParts & WithBody): Request<'create'> {
  const { resourceType: type, profile, body } = parts;
  const resource = validateResource(body, type, { mode: 'create', profile });
  return { operation: 'create', ...afterWriting(parts, refsOf(resource, type)), resource };
}

/** GET of one resource (s3.4.1). */
export function parseRead(parts: RequestParts & Identified): Request<'read'> {
  return { operation: 'read', id: parts.id, ...common(parts) };
}

/** GET of a type's endpoint (s3.4.2), or with a `body` POST to its `.search` (s3.4.3). */
export function parseSearch(
  parts: RequestParts & Partial<WithBody> & { readonly limits: PageLimits },
): Request<'search'> {
  const input = parts.body === undefined ? readQueryParameters(parts.parameters) : parseSearchBody(parts.body);
  return {
    operation: 'search',
    ...common(parts, input),
    query: parseSearchQuery(input, parts.resourceType, parts.limits, {
      booleanStrings: parts.profile.booleanStrings,
    }),
  };
}

/** GET of the base URL, or with a `body` POST to its `.search`: a query over resources of all types (s3.4.2.1, J2). */
export function parseSearchAll(
  parts: Pick<RequestParts, 'parameters' | 'profile'> &
    Partial<WithBody> & { readonly types: readonly ResourceType[]; readonly limits: PageLimits },
): SearchAllRequest {
  const { types, limits, profile } = parts;
  const input = parts.body === undefined ? readQueryParameters(parts.parameters) : parseSearchBody(parts.body);
  const queries = parseSearchQueries(input, types, limits, { booleanStrings: profile.booleanStrings });
  return {
    operation: 'searchAll',
    searches: types.flatMap((resourceType, index) => {
      const query = queries[index];
      if (query === undefined) return [];
      return [
        {
          operation: 'search',
          resourceType,
          projection: parseProjection(input, resourceType),
          preconditions: {},
          query,
        },
      ];
    }),
  };
}

/** PUT (s3.5.1). */
export function parseReplace(parts: RequestParts & Identified & WithBody): Request<'replace'> {
  const { resourceType: type, profile, body, id } = parts;
  const resource = validateResource(body, type, { mode: 'replace', profile });
  const written = afterWriting(parts, refsOf(resource, type));
  return { operation: 'replace', id, ...written, resource, cleared: findCleared(body, type, profile) };
}

/** PATCH (s3.5.2). */
export function parsePatchRequest(parts: RequestParts & Identified & WithBody): Request<'patch'> {
  const { resourceType: type, profile, body, id } = parts;
  const operations = parsePatch(body, type, profile);
  return {
    operation: 'patch',
    id,
    ...afterWriting(
      parts,
      operations.map(({ target }) => target.ref),
    ),
    operations,
  };
}

/** DELETE (s3.6). */
export function parseDelete(parts: RequestParts & Identified): Request<'delete'> {
  return { operation: 'delete', id: parts.id, ...common(parts) };
}

interface Common {
  readonly resourceType: ResourceType;
  readonly projection: Projection;
  readonly preconditions: Preconditions;
}

function refsOf(resource: Resource, type: ResourceType): AttributeRef[] {
  return attributeRefs(type).filter((ref) => getAttribute(resource, ref) !== undefined);
}

function afterWriting(parts: RequestParts, refs: readonly AttributeRef[]): Common & Pick<Request<'create'>, 'prefer'> {
  const before = common(parts);
  const prefer = parsePrefer(parts.prefer);
  return {
    ...before,
    projection: afterWrite(before.projection, refs),
    ...(prefer !== undefined && { prefer }),
  };
}

function common(parts: RequestParts, input: QueryInput = readQueryParameters(parts.parameters)): Common {
  return {
    resourceType: parts.resourceType,
    projection: parseProjection(input, parts.resourceType),
    preconditions: parsePreconditions(parts.ifMatch, parts.ifNoneMatch),
  };
}

/** `return=` of a Prefer header (RFC 7240 s4.2); other preferences are not ours. */
function parsePrefer(header: string | undefined): 'representation' | 'minimal' | undefined {
  const match = /(?:^|[,;])\s*return\s*=\s*"?(representation|minimal)"?\s*(?:$|[,;])/i.exec(header ?? '');
  return match?.[1]?.toLowerCase() === 'minimal' ? 'minimal' : match === null ? undefined : 'representation';
}
