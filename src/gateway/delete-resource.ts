// DELETE (RFC 7644 s3.6): the entry goes, and with it every reference to it.
import type { ResourceMapping } from '../mapping/mapping.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { toTheEnd } from './after-write.ts';
import { versionGuard } from './apply-changes.ts';
import { checkIfMatch, versionReads } from './preconditions.ts';
import { referenceKeys, repairReferences } from './repair-references.ts';
import { getEntry, type Run } from './run.ts';

export async function deleteResource(
  run: Run,
  mapping: ResourceMapping,
  request: ScimRequest & { operation: 'delete' },
): Promise<ScimResponse> {
  const attributes = [...new Set([...versionReads(mapping), ...referenceKeys(run, mapping)])];
  const entry = await getEntry(run, mapping, request.id, { attributes, needs: [] });
  await checkIfMatch(run, mapping, entry, request.preconditions);
  const guard = request.preconditions.ifMatch === undefined ? {} : versionGuard(run, mapping, entry);
  const controls = guard.control === undefined ? [] : [guard.control];
  const writing = toTheEnd(run);
  await writing.directory.delete({ dn: entry.dn, controls }, { signal: writing.context.signal });
  await repairReferences(writing, mapping, entry, undefined);
  return { status: 204 };
}
