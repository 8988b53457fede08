// Responses as bytes: the server's side of RFC 4511 s4.2 to s4.13, for the embedded directory.
import { type BerWriter, constructed, context, encode, tag } from './ber.ts';
import { type WireControl, writeControls } from './control-codec.ts';
import { encodeDereferenced } from './dereferenced.ts';
import { writeAttributes } from './entry-codec.ts';
import { type ResponseMessage, type ResultFields, responseTag } from './message.ts';
import { controlOid } from './oids.ts';
import { fromResponseControls } from './response-controls.ts';

/** One LDAPMessage. An entry's `dereferenced` goes along as a control. Throws `LdapProtocolError` for a PDU beyond `MAX_PDU`. */
export function encodeResponse(messageId: number, response: ResponseMessage): Buffer {
  const controls = responseControls(response);
  return encode((writer) => {
    writer.startSequence(tag.sequence);
    writer.writeInt(messageId);
    writer.startSequence(responseTag[response.kind]);
    writeBody(writer, response);
    writer.endSequence();
    writeControls(writer, controls);
    writer.endSequence();
  });
}

function responseControls(response: ResponseMessage): readonly WireControl[] {
  if (response.kind === 'searchEntry') {
    const { dereferenced } = response.entry;
    if (dereferenced === undefined) return [];
    return [{ oid: controlOid.deref, critical: false, value: encodeDereferenced(dereferenced) }];
  }
  return 'controls' in response && response.controls !== undefined ? fromResponseControls(response.controls) : [];
}

function writeBody(writer: BerWriter, response: ResponseMessage): void {
  switch (response.kind) {
    case 'searchEntry':
      writer.writeString(response.entry.dn);
      writeAttributes(writer, response.entry.attributes);
      return;
    case 'searchReference':
      writer.writeStringArray([...response.urls]);
      return;
    case 'extended':
      writeResult(writer, response.result);
      if (response.name !== undefined) writer.writeString(response.name, context(10));
      if (response.value !== undefined) writer.writeBuffer(response.value, context(11));
      return;
    case 'intermediate':
      if (response.name !== undefined) writer.writeString(response.name, context(0));
      if (response.value !== undefined) writer.writeBuffer(response.value, context(1));
      return;
    case 'bind':
    case 'searchDone':
    case 'modify':
    case 'add':
    case 'delete':
    case 'modifyDn':
    case 'compare':
      writeResult(writer, response.result);
      return;
  }
}

function writeResult(writer: BerWriter, result: ResultFields): void {
  writer.writeEnumeration(result.code);
  writer.writeString(result.matchedDn);
  writer.writeString(result.diagnosticMessage);
  if (result.referrals.length === 0) return;
  writer.startSequence(constructed(3));
  writer.writeStringArray([...result.referrals]);
  writer.endSequence();
}
