// Requests from bytes: the server's side of RFC 4511 s4.2 to s4.13, for the embedded directory.
import { type BerCursor, constructed, context, decode, LdapProtocolError, tag } from './ber.ts';
import { readControls } from './control-codec.ts';
import { modificationOperations, searchScopes } from './encode-request.ts';
import { readAttribute, readAttributeList } from './entry-codec.ts';
import { readFilter } from './filter-codec.ts';
import { type ReceivedRequest, type RequestMessage, requestTag } from './message.ts';
import { toReceivedControl } from './request-controls.ts';

/** One LDAPMessage of a client. Throws `LdapProtocolError`. */
export function decodeRequest(pdu: Buffer): ReceivedRequest {
  return decode(pdu, (cursor, size) => {
    const end = cursor.enter(tag.sequence, size);
    const messageId = cursor.integer(tag.integer, end);
    const request = readOperation(cursor, end);
    return { messageId, request, controls: readControls(cursor, end).map(toReceivedControl) };
  });
}

function readOperation(cursor: BerCursor, end: number): RequestMessage {
  const found = cursor.peek(end);
  switch (found) {
    case requestTag.unbind:
      cursor.skip(end);
      return { kind: 'unbind' };
    case requestTag.delete:
      return { kind: 'delete', dn: cursor.text(requestTag.delete, end) };
    case requestTag.abandon:
      return { kind: 'abandon', messageId: cursor.integer(requestTag.abandon, end) };
  }
  const stop = cursor.enter(found, end);
  const request = readConstructed(cursor, found, stop);
  cursor.leave(stop);
  return request;
}

function readConstructed(cursor: BerCursor, found: number, end: number): RequestMessage {
  switch (found) {
    case requestTag.bind:
      return readBind(cursor, end);
    case requestTag.search:
      return readSearch(cursor, end);
    case requestTag.add:
      return { kind: 'add', dn: cursor.text(tag.octetString, end), attributes: readAttributeList(cursor, end) };
    case requestTag.modify:
      return readModify(cursor, end);
    case requestTag.modifyDn:
      return readModifyDn(cursor, end);
    case requestTag.compare: {
      const dn = cursor.text(tag.octetString, end);
      const stop = cursor.enter(tag.sequence, end);
      const attribute = cursor.text(tag.octetString, stop);
      return { kind: 'compare', dn, attribute, value: cursor.bytes(tag.octetString, stop) };
    }
    case requestTag.extended: {
      const name = cursor.text(context(0), end);
      if (cursor.peek(end) !== context(1)) return { kind: 'extended', name };
      return { kind: 'extended', name, value: cursor.bytes(context(1), end) };
    }
  }
  throw new LdapProtocolError('a request is of no known kind');
}

function readBind(cursor: BerCursor, end: number): RequestMessage {
  if (cursor.integer(tag.integer, end) !== 3) throw new LdapProtocolError('only LDAP version 3 is spoken');
  const dn = cursor.text(tag.octetString, end);
  if (cursor.peek(end) === context(0)) {
    return { kind: 'bind', dn, authentication: { kind: 'simple', password: cursor.bytes(context(0), end) } };
  }
  const stop = cursor.enter(constructed(3), end);
  const mechanism = cursor.text(tag.octetString, stop);
  const credentials = cursor.peek(stop) === tag.octetString ? cursor.bytes(tag.octetString, stop) : undefined;
  return {
    kind: 'bind',
    dn,
    authentication: { kind: 'sasl', mechanism, ...(credentials === undefined ? {} : { credentials }) },
  };
}

function readSearch(cursor: BerCursor, end: number): RequestMessage {
  const base = cursor.text(tag.octetString, end);
  const scope = searchScopes[cursor.integer(tag.enumerated, end)];
  if (scope === undefined) throw new LdapProtocolError('a search has an unknown scope');
  cursor.integer(tag.enumerated, end);
  const sizeLimit = cursor.integer(tag.integer, end);
  cursor.integer(tag.integer, end);
  const typesOnly = cursor.boolean(tag.boolean, end);
  const filter = readFilter(cursor, end);
  const stop = cursor.enter(tag.sequence, end);
  const attributes = cursor.list(stop, () => cursor.text(tag.octetString, stop));
  return { kind: 'search', base, scope, sizeLimit, typesOnly, filter, attributes };
}

function readModify(cursor: BerCursor, end: number): RequestMessage {
  const dn = cursor.text(tag.octetString, end);
  const stop = cursor.enter(tag.sequence, end);
  const modifications = cursor.list(stop, () => {
    const itemEnd = cursor.enter(tag.sequence, stop);
    const operation = modificationOperations[cursor.integer(tag.enumerated, itemEnd)];
    if (operation === undefined) throw new LdapProtocolError('a modification is of no known kind');
    const { type, values } = readAttribute(cursor, itemEnd);
    cursor.leave(itemEnd);
    return { operation, attribute: type, values };
  });
  return { kind: 'modify', dn, modifications };
}

function readModifyDn(cursor: BerCursor, end: number): RequestMessage {
  const dn = cursor.text(tag.octetString, end);
  const newRdn = cursor.text(tag.octetString, end);
  const deleteOldRdn = cursor.boolean(tag.boolean, end);
  if (cursor.peek(end) !== context(0)) return { kind: 'modifyDn', dn, newRdn, deleteOldRdn };
  return { kind: 'modifyDn', dn, newRdn, deleteOldRdn, newSuperior: cursor.text(context(0), end) };
}
