// Requests as bytes: the client's side of RFC 4511 s4.2 to s4.13.
import type { Modification, RequestControl, SearchScope } from '../operations.ts';
import { type BerWriter, constructed, context, encode, tag, writeSequence, writeValue } from './ber.ts';
import { type WireControl, writeControls } from './control-codec.ts';
import { writeAttribute } from './entry-codec.ts';
import { writeFilter } from './filter-codec.ts';
import { type RequestMessage, requestTag } from './message.ts';
import { toWireControl } from './request-controls.ts';

export const searchScopes: readonly SearchScope[] = ['base', 'one', 'subtree'];
export const modificationOperations: readonly Modification['operation'][] = ['add', 'delete', 'replace', 'increment'];

const NO_CONTROLS: readonly WireControl[] = [];

/** What a plan asks for again and again is encoded once: lists that are frozen cannot change afterwards. */
const encodedLists = new WeakMap<readonly string[], Buffer>();
const wireControls = new WeakMap<readonly RequestControl[], readonly WireControl[]>();

/**
 * One LDAPMessage. Throws `LdapProtocolError` for a filter that cannot be sent and for a PDU beyond `MAX_PDU`.
 * A search's `pageSize` is not looked at: who follows cookies sends the control.
 */
export function encodeRequest(messageId: number, request: RequestMessage): Buffer {
  const requested: readonly RequestControl[] | undefined = 'controls' in request ? request.controls : undefined;
  const controls = requested === undefined ? NO_CONTROLS : toWireControls(requested);
  return encode((writer) => {
    writer.startSequence(tag.sequence);
    writer.writeInt(messageId);
    writeOperation(writer, request);
    writeControls(writer, controls);
    writer.endSequence();
  });
}

function toWireControls(controls: readonly RequestControl[]): readonly WireControl[] {
  return keep(wireControls, controls, () => controls.map(toWireControl));
}

/** The elements of a sequence of strings, without its tag and length. */
function encodeList(texts: readonly string[]): Buffer {
  return keep(encodedLists, texts, () =>
    encode((writer) => {
      for (const text of texts) writer.writeString(text);
    }),
  );
}

function keep<Key extends readonly unknown[], Value>(kept: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const value = make();
  if (Object.isFrozen(key)) kept.set(key, value);
  return value;
}

function writeOperation(writer: BerWriter, request: RequestMessage): void {
  switch (request.kind) {
    case 'bind':
      writeBind(writer, request);
      return;
    case 'unbind':
      writer.writeEmpty(requestTag.unbind);
      return;
    case 'search':
      writeSearch(writer, request);
      return;
    case 'add':
      writer.startSequence(requestTag.add);
      writer.writeString(request.dn);
      writer.startSequence(tag.sequence);
      for (const { type, values } of request.attributes) writeAttribute(writer, type, values);
      writer.endSequence();
      writer.endSequence();
      return;
    case 'modify':
      writeModify(writer, request);
      return;
    case 'modifyDn':
      writer.startSequence(requestTag.modifyDn);
      writer.writeString(request.dn);
      writer.writeString(request.newRdn);
      writer.writeBoolean(request.deleteOldRdn);
      if (request.newSuperior !== undefined) writer.writeString(request.newSuperior, context(0));
      writer.endSequence();
      return;
    case 'delete':
      writer.writeString(request.dn, requestTag.delete);
      return;
    case 'compare':
      writer.startSequence(requestTag.compare);
      writer.writeString(request.dn);
      writeSequence(writer, tag.sequence, () => {
        writer.writeString(request.attribute);
        writeValue(writer, request.value);
      });
      writer.endSequence();
      return;
    case 'extended':
      writer.startSequence(requestTag.extended);
      writer.writeString(request.name, context(0));
      if (request.value !== undefined) writeValue(writer, request.value, context(1));
      writer.endSequence();
      return;
    case 'abandon':
      writer.writeInt(request.messageId, requestTag.abandon);
      return;
  }
}

function writeBind(writer: BerWriter, { dn, authentication }: RequestMessage & { kind: 'bind' }): void {
  writer.startSequence(requestTag.bind);
  writer.writeInt(3);
  writer.writeString(dn);
  if (authentication.kind === 'simple') {
    writeValue(writer, authentication.password, context(0));
  } else {
    writer.startSequence(constructed(3));
    writer.writeString(authentication.mechanism);
    if (authentication.credentials !== undefined) writeValue(writer, authentication.credentials);
    writer.endSequence();
  }
  writer.endSequence();
}

function writeSearch(writer: BerWriter, request: RequestMessage & { kind: 'search' }): void {
  writer.startSequence(requestTag.search);
  writer.writeString(request.base);
  writer.writeEnumeration(searchScopes.indexOf(request.scope));
  // neverDerefAliases: an alias would make one entry two resources.
  writer.writeEnumeration(0);
  writer.writeInt(request.sizeLimit ?? 0);
  writer.writeInt(0);
  writer.writeBoolean(request.typesOnly ?? false);
  writeFilter(writer, request.filter);
  writer.writeBuffer(encodeList(request.attributes), tag.sequence);
  writer.endSequence();
}

function writeModify(writer: BerWriter, request: RequestMessage & { kind: 'modify' }): void {
  writer.startSequence(requestTag.modify);
  writer.writeString(request.dn);
  writer.startSequence(tag.sequence);
  for (const { operation, attribute, values } of request.modifications) {
    writer.startSequence(tag.sequence);
    writer.writeEnumeration(modificationOperations.indexOf(operation));
    writeAttribute(writer, attribute, values);
    writer.endSequence();
  }
  writer.endSequence();
  writer.endSequence();
}
