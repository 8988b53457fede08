// GET of one resource (RFC 7644 s3.4.1).
import type { ResourceMapping } from '../mapping/mapping.ts';
import { planFetch, readVersion } from '../mapping/plan-fetch.ts';
import { matchesEtag } from '../scim/etag.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { createReferenceResolver } from './references.ts';
import { entryResponse, showEntry } from './respond.ts';
import { getEntry, type Run } from './run.ts';

export async function readResource(
  run: Run,
  mapping: ResourceMapping,
  request: ScimRequest & { operation: 'read' },
): Promise<ScimResponse> {
  const plan = planFetch(mapping, request.projection, { versioned: true });
  const entry = await getEntry(run, mapping, request.id, plan);
  const resolver = createReferenceResolver(run);
  await resolver.resolveShown([entry], plan.needs);
  const version = readVersion(mapping, entry, resolver);
  const { ifNoneMatch } = request.preconditions;
  if (version !== undefined && ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, version)) {
    return entryResponse(run, mapping, entry, version, 304);
  }
  const body = showEntry(run, mapping, entry, plan, request.projection, resolver, version);
  return entryResponse(run, mapping, entry, version, 200, body);
}
