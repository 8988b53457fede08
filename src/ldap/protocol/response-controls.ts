// Response controls of `operations.ts` as bytes and back. Unknown ones are passed over; they ask for nothing
// (RFC 4511 s4.1.11: a client ignores a response control that it does not know).
import { LdapEntry } from '../entry.ts';
import type { ResponseControls } from '../operations.ts';
import { type BerCursor, context, decode, encode, tag, writeSequence } from './ber.ts';
import type { WireControl } from './control-codec.ts';
import { readAttributes, writeAttributes } from './entry-codec.ts';
import { responseTag } from './message.ts';
import { controlOid } from './oids.ts';

const NONE: ResponseControls = Object.freeze({});

/** Throws `LdapProtocolError` where a known control has a malformed value. */
export function toResponseControls(controls: readonly WireControl[]): ResponseControls {
  let found = NONE;
  for (const { oid, value } of controls) if (value !== undefined) found = { ...found, ...readControl(oid, value) };
  return found;
}

function readControl(oid: string, value: Buffer): ResponseControls {
  switch (oid) {
    case controlOid.preRead:
      return { preRead: decode(value, readReadEntry) };
    case controlOid.postRead:
      return { postRead: decode(value, readReadEntry) };
    case controlOid.pagedResults:
      return { pagedResults: decode(value, readPaged) };
    case controlOid.sortResponse:
      return { sort: decode(value, readSort) };
    case controlOid.vlvResponse:
      return { vlv: decode(value, readVlv) };
  }
  return NONE;
}

/** RFC 4527 s3.1 says SearchResultEntry; OpenLDAP 2.5 sends it with the tag of a plain sequence. */
function readReadEntry(cursor: BerCursor, end: number): LdapEntry {
  const found = cursor.peek(end);
  const stop = cursor.enter(found === tag.sequence ? tag.sequence : responseTag.searchEntry, end);
  return new LdapEntry(cursor.text(tag.octetString, stop), readAttributes(cursor, stop));
}

function readPaged(cursor: BerCursor, end: number): { size: number; cookie: Buffer } {
  const stop = cursor.enter(tag.sequence, end);
  const size = cursor.integer(tag.integer, stop);
  return { size, cookie: cursor.bytes(tag.octetString, stop) };
}

function readSort(cursor: BerCursor, end: number): { code: number; attribute?: string } {
  const stop = cursor.enter(tag.sequence, end);
  const code = cursor.integer(tag.enumerated, stop);
  return cursor.peek(stop) === context(0) ? { code, attribute: cursor.text(context(0), stop) } : { code };
}

function readVlv(cursor: BerCursor, end: number): { position: number; contentCount: number; code: number } {
  const stop = cursor.enter(tag.sequence, end);
  const position = cursor.integer(tag.integer, stop);
  const contentCount = cursor.integer(tag.integer, stop);
  return { position, contentCount, code: cursor.integer(tag.enumerated, stop) };
}

export function fromResponseControls(controls: ResponseControls): readonly WireControl[] {
  const { preRead, postRead, pagedResults, sort, vlv } = controls;
  const wire: WireControl[] = [];
  const push = (oid: string, value: Buffer): void => void wire.push({ oid, critical: false, value });
  if (preRead !== undefined) push(controlOid.preRead, encodeReadEntry(preRead));
  if (postRead !== undefined) push(controlOid.postRead, encodeReadEntry(postRead));
  if (pagedResults !== undefined) {
    push(
      controlOid.pagedResults,
      encode((writer) =>
        writeSequence(writer, tag.sequence, () => {
          writer.writeInt(pagedResults.size);
          writer.writeBuffer(pagedResults.cookie, tag.octetString);
        }),
      ),
    );
  }
  if (sort !== undefined) {
    push(
      controlOid.sortResponse,
      encode((writer) =>
        writeSequence(writer, tag.sequence, () => {
          writer.writeEnumeration(sort.code);
          if (sort.attribute !== undefined) writer.writeString(sort.attribute, context(0));
        }),
      ),
    );
  }
  if (vlv !== undefined) {
    push(
      controlOid.vlvResponse,
      encode((writer) =>
        writeSequence(writer, tag.sequence, () => {
          writer.writeInt(vlv.position);
          writer.writeInt(vlv.contentCount);
          writer.writeEnumeration(vlv.code);
        }),
      ),
    );
  }
  return wire;
}

function encodeReadEntry(entry: LdapEntry): Buffer {
  return encode((writer) =>
    writeSequence(writer, responseTag.searchEntry, () => {
      writer.writeString(entry.dn);
      writeAttributes(writer, entry.attributes);
    }),
  );
}
