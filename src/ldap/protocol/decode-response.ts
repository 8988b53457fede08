// Responses from bytes: the client's side of RFC 4511 s4.2 to s4.13. Values stay octets (`LdapEntry`).
import { LdapEntry } from '../entry.ts';
import { type BerCursor, constructed, context, decode, tag } from './ber.ts';
import { readControls } from './control-codec.ts';
import { readDereferenced } from './dereferenced.ts';
import { readAttributes } from './entry-codec.ts';
import {
  type ReceivedResponse,
  type ResponseMessage,
  type ResultFields,
  type ResultKind,
  responseTag,
} from './message.ts';
import { controlOid } from './oids.ts';
import { toResponseControls } from './response-controls.ts';

const RESULT_KINDS = new Map<number, ResultKind>([
  [responseTag.bind, 'bind'],
  [responseTag.searchDone, 'searchDone'],
  [responseTag.modify, 'modify'],
  [responseTag.add, 'add'],
  [responseTag.delete, 'delete'],
  [responseTag.modifyDn, 'modifyDn'],
  [responseTag.compare, 'compare'],
]);

/** The message id alone, to tell whose answer a PDU is that cannot be read whole. Throws `LdapProtocolError`. */
export function decodeMessageId(pdu: Buffer): number {
  return decode(pdu, (cursor, size) => cursor.integer(tag.integer, cursor.enter(tag.sequence, size)));
}

/** One LDAPMessage of a server. Throws `LdapProtocolError`. */
export function decodeResponse(pdu: Buffer): ReceivedResponse {
  return decode(pdu, (cursor, size) => {
    const end = cursor.enter(tag.sequence, size);
    const messageId = cursor.integer(tag.integer, end);
    return { messageId, response: readOperation(cursor, end) };
  });
}

function readOperation(cursor: BerCursor, end: number): ResponseMessage | undefined {
  const found = cursor.peek(end);
  const stop = cursor.enter(found, end);
  switch (found) {
    case responseTag.searchEntry:
      return readEntry(cursor, stop, end);
    case responseTag.searchReference:
      return { kind: 'searchReference', urls: cursor.list(stop, () => cursor.text(tag.octetString, stop)) };
    case responseTag.extended:
      return readExtended(cursor, stop);
    case responseTag.intermediate:
      return { kind: 'intermediate', ...readNameAndValue(cursor, stop, context(0), context(1)) };
  }
  const kind = RESULT_KINDS.get(found);
  if (kind === undefined) return undefined;
  const result = readResult(cursor, stop);
  cursor.leave(stop);
  const controls = readControls(cursor, end);
  return controls.length === 0 ? { kind, result } : { kind, result, controls: toResponseControls(controls) };
}

function readEntry(cursor: BerCursor, stop: number, end: number): ResponseMessage {
  const dn = cursor.text(tag.octetString, stop);
  const attributes = readAttributes(cursor, stop);
  cursor.leave(stop);
  const deref = readControls(cursor, end).find((control) => control.oid === controlOid.deref)?.value;
  const dereferenced = deref === undefined ? undefined : readDereferenced(deref);
  return { kind: 'searchEntry', entry: new LdapEntry(dn, attributes, dereferenced) };
}

const NO_REFERRALS: readonly string[] = [];

function readResult(cursor: BerCursor, end: number): ResultFields {
  const code = cursor.integer(tag.enumerated, end);
  const matchedDn = cursor.text(tag.octetString, end);
  const diagnosticMessage = cursor.text(tag.octetString, end);
  if (cursor.peek(end) !== constructed(3)) return { code, matchedDn, diagnosticMessage, referrals: NO_REFERRALS };
  const stop = cursor.enter(constructed(3), end);
  const referrals = cursor.list(stop, () => cursor.text(tag.octetString, stop));
  return { code, matchedDn, diagnosticMessage, referrals };
}

function readExtended(cursor: BerCursor, end: number): ResponseMessage {
  const result = readResult(cursor, end);
  return { kind: 'extended', result, ...readNameAndValue(cursor, end, context(10), context(11)) };
}

function readNameAndValue(
  cursor: BerCursor,
  end: number,
  nameTag: number,
  valueTag: number,
): { name?: string; value?: Buffer } {
  const name = cursor.peek(end) === nameTag ? cursor.text(nameTag, end) : undefined;
  const value = cursor.peek(end) === valueTag ? cursor.bytes(valueTag, end) : undefined;
  return { ...(name === undefined ? {} : { name }), ...(value === undefined ? {} : { value }) };
}
