import { LdapError } from '../errors.ts';
import type { DeleteRequest } from '../operations.ts';
import { resultCode } from '../result-codes.ts';
import type { DirectoryState } from './directory-state.ts';
import { repairAfterDelete } from './references.ts';
import { getTarget, type WriteContext } from './write-context.ts';

/** Delete (RFC 4511 s4.8), then the references to the entry. Throws `LdapError`. */
export function applyDelete(state: DirectoryState, request: DeleteRequest, context: WriteContext): void {
  const entry = getTarget(state, request.dn);
  context.before(entry, []);
  if (entry.childCount > 0)
    throw new LdapError(resultCode.notAllowedOnNonLeaf, 'subordinate objects must be deleted first');
  const { dn } = entry;
  state.store.remove(entry);
  repairAfterDelete(state, dn);
}
