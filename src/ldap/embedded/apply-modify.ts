import { LdapError } from '../errors.ts';
import type { Modification, ModifyRequest } from '../operations.ts';
import { resultCode } from '../result-codes.ts';
import { checkEntry } from './check-entry.ts';
import type { DirectoryState } from './directory-state.ts';
import { changeEntry } from './entry-changes.ts';
import { prepareValues, refuseOperational } from './prepare-values.ts';
import { stampModified } from './stamps.ts';
import { refuseDuplicates } from './uniqueness.ts';
import type { ValueSet } from './value-set.ts';
import { getTarget, type WriteContext } from './write-context.ts';

/** A modification whose attribute is known and whose values are sound. */
interface PreparedModification {
  readonly operation: Modification['operation'];
  readonly set: ValueSet;
}

/** Modify (RFC 4511 s4.6): all of it or nothing. Throws `LdapError`. */
export function applyModify(state: DirectoryState, request: ModifyRequest, context: WriteContext): void {
  const modifications = request.modifications.map((each) => prepare(state, each));
  refuseOperational(modifications.map((each) => each.set));
  refuseDuplicates(
    state,
    request.dn,
    modifications.filter(({ operation }) => operation === 'add' || operation === 'replace').map(({ set }) => set),
  );
  const entry = getTarget(state, request.dn);
  context.before(
    entry,
    modifications.map(({ set }) => set.attribute.key),
  );
  changeEntry(state, entry, (changes) => {
    for (const { operation, set } of modifications) changes[operation](set, context.permissive);
    checkEntry(state, entry);
    stampModified(state, changes, context.actor.dn);
  });
  context.after(entry);
}

function prepare(state: DirectoryState, { operation, attribute, values }: Modification): PreparedModification {
  const refuse = (text: string) => new LdapError(resultCode.protocolError, `modify/${operation} operation ${text}`);
  if (operation === 'add' && values.length === 0) throw refuse(`(${attribute}) requires values`);
  if (operation === 'increment' && values.length !== 1)
    throw refuse(values.length === 0 ? `(${attribute}) requires value` : 'requires single value');
  return { operation, set: prepareValues(state, attribute, values) };
}
