// From entries to responses: references resolved, resource made, projected.
import type { LdapEntry } from '../ldap/entry.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { type FetchPlan, locationOf, readId, readVersion, toResource } from '../mapping/plan-fetch.ts';
import type { References } from '../mapping/references.ts';
import { project } from '../scim/projection.ts';
import type { Projection, ScimResponse } from '../scim/request.ts';
import type { Resource } from '../scim/resource.ts';
import type { ReferenceResolver } from './references.ts';
import type { Run } from './run.ts';

/** The resource as the client asked for it. */
export async function presentEntry(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  plan: FetchPlan,
  projection: Projection,
  resolver: ReferenceResolver,
): Promise<Resource> {
  await resolver.resolveShown([entry], plan.needs);
  return showEntry(run, mapping, entry, plan, projection, resolver);
}

/** The same where the references are resolved already. */
export function showEntry(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  plan: FetchPlan,
  projection: Projection,
  references: References,
  version: string | undefined = readVersion(mapping, entry, references),
): Resource {
  const resource = toResource(mapping, entry, references, plan.mappers, run.context.baseUrl, version);
  return project(resource, mapping.type, projection);
}

/** Status and headers of a response about one resource; without `body` for 204. */
export function entryResponse(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  version: string | undefined,
  status: number,
  body?: Resource,
): ScimResponse {
  return {
    status,
    location: locationOf(mapping, readId(mapping, entry) ?? '', run.context.baseUrl),
    ...(body === undefined ? {} : { body }),
    ...(version === undefined ? {} : { version }),
  };
}
