// Answers requests of one session: the place where protocol operations, controls and access rules meet the operations on
// the store. It never touches a socket; what it yields is sent by who runs it.
import type { LdapEntry } from '../entry.ts';
import { LdapError } from '../errors.ts';
import { matches } from '../match-filter.ts';
import { findEqualityKey } from '../matching-rules.ts';
import type { CompareRequest, ResponseControls } from '../operations.ts';
import { LdapProtocolError } from '../protocol/ber.ts';
import { decodePasswordModify, encodeGeneratedPassword } from '../protocol/extended.ts';
import type { ReceivedRequest, RequestMessage, ResponseMessage, ResultFields } from '../protocol/message.ts';
import { extendedOid } from '../protocol/oids.ts';
import { resultCode } from '../result-codes.ts';
import { toBytes } from '../value.ts';
import { readAccess, requireAuthentication, requireWriteAccess } from './access.ts';
import { answerSearch } from './answer-search.ts';
import { applyAdd } from './apply-add.ts';
import { applyDelete } from './apply-delete.ts';
import { applyModify } from './apply-modify.ts';
import { applyModifyDn } from './apply-modify-dn.ts';
import { authenticate, changePassword } from './authenticate.ts';
import { anonymous, type DirectoryState } from './directory-state.ts';
import { compileFilterView, compileSelection } from './entry-view.ts';
import { getAttribute } from './prepare-values.ts';
import { acceptControls, type FindControl } from './request-controls.ts';
import type { PAUSE } from './search.ts';
import type { Session } from './session.ts';
import type { StoredEntry } from './stored-entry.ts';
import { getTarget, type WriteContext } from './write-context.ts';

export type Answer = Generator<ResponseMessage | typeof PAUSE, void>;

/** Every request but unbind and abandon, which have no answer. */
export type AnsweredRequest = Exclude<RequestMessage, { kind: 'unbind' | 'abandon' }>;

/** Whether the request is one that has an answer. */
export function isAnswered(request: RequestMessage): request is AnsweredRequest {
  return request.kind !== 'unbind' && request.kind !== 'abandon';
}

/** The responses to a request, the last one carrying the result; errors are among them. */
export function* answerRequest(
  state: DirectoryState,
  session: Session,
  request: AnsweredRequest,
  controls: ReceivedRequest['controls'],
): Answer {
  try {
    const control = acceptControls(request.kind, controls);
    yield* request.kind === 'search'
      ? search(state, session, request, control)
      : [answerOne(state, session, request, control)];
  } catch (error) {
    if (error instanceof LdapProtocolError) yield resultOf(request, resultCode.protocolError, error.message);
    else if (error instanceof LdapError) yield resultOf(request, error.code, error.diagnosticMessage, error.matchedDn);
    else throw error;
  }
}

/** A response that holds nothing but a result. */
export function resultOf(
  request: AnsweredRequest,
  code: number,
  diagnosticMessage = '',
  matchedDn = '',
): ResponseMessage {
  const result: ResultFields = { code, matchedDn, diagnosticMessage, referrals: [] };
  switch (request.kind) {
    case 'extended':
      return { kind: 'extended', result };
    case 'search':
      return { kind: 'searchDone', result };
    case 'bind':
    case 'add':
    case 'modify':
    case 'modifyDn':
    case 'delete':
    case 'compare':
      return { kind: request.kind, result };
  }
}

function* search(
  state: DirectoryState,
  session: Session,
  request: Extract<AnsweredRequest, { kind: 'search' }>,
  control: FindControl,
): Answer {
  const controls = yield* answerSearch(state, session, request, control);
  yield withControls(resultOf(request, resultCode.success), controls);
}

function answerOne(
  state: DirectoryState,
  session: Session,
  request: Exclude<AnsweredRequest, { kind: 'search' }>,
  control: FindControl,
): ResponseMessage {
  switch (request.kind) {
    case 'bind':
      // Whatever comes of it, who was bound before no longer is (RFC 4511 s4.2.1).
      session.actor = anonymous;
      session.actor = authenticate(state, request);
      return resultOf(request, resultCode.success);
    case 'extended':
      return answerExtended(state, session, request);
    case 'compare':
      return resultOf(request, compare(state, session, request, control));
    case 'add':
    case 'modify':
    case 'modifyDn':
    case 'delete':
      return write(state, session, request, control);
  }
}

function write(
  state: DirectoryState,
  session: Session,
  request: Extract<AnsweredRequest, { kind: 'add' | 'modify' | 'modifyDn' | 'delete' }>,
  control: FindControl,
): ResponseMessage {
  const { actor } = session;
  requireAuthentication(actor);
  const mayRead = readAccess(actor);
  const controls: { preRead?: LdapEntry; postRead?: LdapEntry } = {};
  const preRead = control('preRead');
  const postRead = control('postRead');
  const context: WriteContext = {
    actor,
    permissive: control('permissiveModify') !== undefined,
    before(entry, attributes) {
      requireWriteAccess(actor, entry?.key, attributes);
      if (entry === undefined) return;
      requireAssertion(state, session, entry, control);
      if (preRead !== undefined) controls.preRead = compileSelection(state, preRead.attributes, mayRead)(entry);
    },
    after(entry) {
      if (postRead !== undefined) controls.postRead = compileSelection(state, postRead.attributes, mayRead)(entry);
    },
  };
  switch (request.kind) {
    case 'add':
      applyAdd(state, request, context);
      break;
    case 'modify':
      applyModify(state, request, context);
      break;
    case 'modifyDn':
      applyModifyDn(state, request, context);
      break;
    case 'delete':
      applyDelete(state, request, context);
      break;
  }
  return withControls(resultOf(request, resultCode.success), controls);
}

function requireAssertion(state: DirectoryState, session: Session, entry: StoredEntry, control: FindControl): void {
  const assertion = control('assertion');
  if (assertion === undefined) return;
  const seen = compileFilterView(state, assertion.filter, readAccess(session.actor))(entry);
  if (!matches(assertion.filter, seen, state.subschema)) throw new LdapError(resultCode.assertionFailed);
}

/** Compare (RFC 4511 s4.10). Throws `LdapError` 16, 17, 18, 32, 34. */
function compare(state: DirectoryState, session: Session, request: CompareRequest, control: FindControl): number {
  if (session.actor.kind === 'anonymous') throw new LdapError(resultCode.noSuchObject);
  const attribute = getAttribute(state, request.attribute);
  const entry = getTarget(state, request.dn);
  requireAssertion(state, session, entry, control);
  const visible = compileSelection(state, [request.attribute], readAccess(session.actor), { folded: true })(entry);
  if (!visible.has(attribute.key)) throw new LdapError(resultCode.noSuchAttribute);
  const { equality } = attribute.type;
  if (equality === undefined) throw new LdapError(resultCode.inappropriateMatching);
  const wanted = findEqualityKey(equality, toBytes(request.value));
  if (wanted === undefined) throw new LdapError(resultCode.invalidAttributeSyntax);
  return visible.bytes(attribute.key).some((value) => findEqualityKey(equality, value) === wanted)
    ? resultCode.compareTrue
    : resultCode.compareFalse;
}

function answerExtended(
  state: DirectoryState,
  session: Session,
  request: Extract<AnsweredRequest, { kind: 'extended' }>,
): ResponseMessage {
  const result: ResultFields = { code: resultCode.success, matchedDn: '', diagnosticMessage: '', referrals: [] };
  switch (request.name) {
    case extendedOid.whoAmI: {
      const { dn } = session.actor;
      return { kind: 'extended', result, value: Buffer.from(dn === '' ? '' : `dn:${dn}`) };
    }
    case extendedOid.passwordModify: {
      const asked = request.value === undefined ? { userIdentity: '' } : decodePasswordModify(toBytes(request.value));
      const made = changePassword(state, session.actor, asked);
      return { kind: 'extended', result, ...(made === undefined ? {} : { value: encodeGeneratedPassword(made) }) };
    }
  }
  throw new LdapError(resultCode.protocolError, 'unsupported extended operation');
}

function withControls(response: ResponseMessage, controls: ResponseControls): ResponseMessage {
  const carries = 'result' in response && response.kind !== 'extended' && Object.keys(controls).length > 0;
  return carries ? { ...response, controls } : response;
}
