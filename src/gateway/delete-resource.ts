// DELETE (RFC 7644 s3.6): what the mapping says of it. By itself the entry goes, and with it every reference to it.
import type { ResourceMapping } from '../mapping/mapping.ts';
import { ScimError } from '../scim/error.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import { toTheEnd } from './after-write.ts';
import { versionGuard } from './apply-changes.ts';
import { carryThrough } from './attempts.ts';
import { countingDeletion } from './count-deletions.ts';
import { checkIfMatch, versionReads } from './preconditions.ts';
import { referenceKeys, repairReferences } from './repair-references.ts';
import { retireResource } from './retire-resource.ts';
import { findById, getEntry, type Run } from './run.ts';

type DeleteRequest = ScimRequest & { operation: 'delete' };

export async function deleteResource(
  run: Run,
  mapping: ResourceMapping,
  request: DeleteRequest,
): Promise<ScimResponse> {
  const { deletion } = mapping;
  switch (deletion.kind) {
    case 'delete':
      return removeResource(run, mapping, request);
    case 'retire':
      return retireResource(run, mapping, deletion, request);
    case 'refuse':
      throw new ScimError(403, undefined, `${mapping.type.name} resources cannot be deleted here.`);
  }
}

async function removeResource(run: Run, mapping: ResourceMapping, request: DeleteRequest): Promise<ScimResponse> {
  const attributes = [...new Set([...versionReads(mapping), ...referenceKeys(run, mapping)])];
  const entry = await getEntry(run, mapping, request.id, { attributes, needs: [] });
  await checkIfMatch(run, mapping, entry, request.preconditions);
  const guard = request.preconditions.ifMatch === undefined ? {} : versionGuard(run, mapping, entry);
  const controls = guard.control === undefined ? [] : [guard.control];
  const writing = toTheEnd(run);
  await countingDeletion(run, () =>
    carryThrough(
      () => writing.directory.delete({ dn: entry.dn, controls }, { signal: writing.context.signal }),
      // By its id: the name may be somebody else's by then.
      async () => (await findById(writing, mapping, request.id, attributes)) === undefined,
    ),
  );
  await repairReferences(writing, mapping, entry, undefined);
  return { status: 204 };
}
