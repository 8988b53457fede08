import { LdapError } from '../errors.ts';
import type { RequestControl } from '../operations.ts';
import type { ReceivedControl, RequestMessage } from '../protocol/message.ts';
import { resultCode } from '../result-codes.ts';

type Kind = RequestControl['kind'];

/** Which controls go with which operation. */
const APPLICABLE: Readonly<Record<RequestMessage['kind'], readonly Kind[]>> = {
  bind: [],
  unbind: [],
  abandon: [],
  extended: [],
  search: ['assertion', 'deref', 'matchedValues', 'sort', 'vlv', 'pagedResults', 'manageDsaIt'],
  add: ['postRead', 'manageDsaIt'],
  modify: ['assertion', 'preRead', 'postRead', 'permissiveModify', 'manageDsaIt'],
  modifyDn: ['assertion', 'preRead', 'postRead', 'manageDsaIt'],
  delete: ['assertion', 'preRead', 'manageDsaIt'],
  compare: ['assertion', 'manageDsaIt'],
};

/** Looks up the controls that a request came with. */
export type FindControl = <K extends Kind>(kind: K) => (RequestControl & { readonly kind: K }) | undefined;

/** Refuses what is critical and cannot be obeyed (RFC 4511 s4.1.11). Throws `LdapError` 12; ignores what is not critical. */
export function acceptControls(operation: RequestMessage['kind'], controls: readonly ReceivedControl[]): FindControl {
  const applicable = APPLICABLE[operation];
  const accepted: RequestControl[] = [];
  for (const control of controls)
    if (control.kind !== 'unknown' && applicable.includes(control.kind)) accepted.push(control);
    else if (control.critical)
      throw new LdapError(
        resultCode.unavailableCriticalExtension,
        control.kind === 'unknown' ? 'critical extension is not recognized' : 'critical control unavailable in context',
      );
  return <K extends Kind>(kind: K) =>
    accepted.find((each): each is RequestControl & { readonly kind: K } => each.kind === kind);
}
