// DELETE (RFC 7644 s3.6): the entry goes, and with it every reference to it.
import type { ResourceMapping } from '../mapping/mapping.ts';
import { planFetchOf, readVersion } from '../mapping/plan-fetch.ts';
import { matchesEtag } from '../scim/etag.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { versionGuard } from './apply-changes.ts';
import { preconditionFailed } from './change-resource.ts';
import { referenceKeys, repairReferences } from './repair-references.ts';
import { getEntry, type Run } from './run.ts';

export async function deleteResource(
  run: Run,
  mapping: ResourceMapping,
  request: ScimRequest & { operation: 'delete' },
): Promise<ScimResponse> {
  const plan = planFetchOf(mapping, []);
  const attributes = [...new Set([...plan.attributes, ...referenceKeys(run, mapping)])];
  const entry = await getEntry(run, mapping, request.id, { ...plan, attributes });
  const { ifMatch } = request.preconditions;
  const version = readVersion(mapping, entry);
  if (ifMatch !== undefined && version !== undefined && !matchesEtag(ifMatch, version)) throw preconditionFailed();
  const guard = ifMatch === undefined ? {} : versionGuard(run, mapping, entry);
  const controls = guard.control === undefined ? [] : [guard.control];
  await run.directory.delete({ dn: entry.dn, controls }, { signal: run.context.signal });
  await repairReferences(run, mapping, entry, undefined);
  return { status: 204 };
}
