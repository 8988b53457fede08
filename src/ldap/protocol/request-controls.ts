// Request controls of `operations.ts` as bytes and back. One place per control; a control that is not here reaches a
// server as `unknown` with its criticality, so that it can refuse it (RFC 4511 s4.1.11).
import type { LdapTest } from '../filter.ts';
import type { RequestControl, SortKey } from '../operations.ts';
import { type BerCursor, constructed, context, decode, encode, LdapProtocolError, tag, writeSequence } from './ber.ts';
import type { WireControl } from './control-codec.ts';
import { readFilter, writeFilter } from './filter-codec.ts';
import type { ReceivedControl } from './message.ts';
import { controlOid } from './oids.ts';

/** Which controls may be ignored by a directory that does not know them: those whose absence shows in the answer. */
const critical: Record<RequestControl['kind'], boolean> = {
  assertion: true,
  preRead: false,
  postRead: false,
  deref: false,
  extendedDn: false,
  matchedValues: false,
  sort: true,
  vlv: true,
  pagedResults: false,
  permissiveModify: true,
  manageDsaIt: true,
};

export function toWireControl(control: RequestControl): WireControl {
  return { oid: controlOid[control.kind], critical: critical[control.kind], value: controlValue(control) };
}

function controlValue(control: RequestControl): Buffer | undefined {
  switch (control.kind) {
    case 'assertion':
      return encode((writer) => writeFilter(writer, control.filter));
    case 'preRead':
    case 'postRead':
      return encode((writer) =>
        writeSequence(writer, tag.sequence, () => writer.writeStringArray([...control.attributes])),
      );
    case 'deref':
      return derefValue(control.items);
    case 'extendedDn':
      // Flag 0: GUIDs as their octets (MS-ADTS 3.1.1.3.4.1.5).
      return encode((writer) => writeSequence(writer, tag.sequence, () => writer.writeInt(0)));
    case 'matchedValues':
      return encode((writer) =>
        writeSequence(writer, tag.sequence, () => {
          for (const test of control.tests) writeFilter(writer, test);
        }),
      );
    case 'sort':
      return sortValue(control.keys);
    case 'vlv':
      return encode((writer) =>
        writeSequence(writer, tag.sequence, () => {
          writer.writeInt(control.before);
          writer.writeInt(control.after);
          writeSequence(writer, constructed(0), () => {
            writer.writeInt(control.offset);
            writer.writeInt(control.contentCount);
          });
        }),
      );
    case 'pagedResults':
      return encode((writer) =>
        writeSequence(writer, tag.sequence, () => {
          writer.writeInt(control.size);
          writer.writeBuffer(Buffer.from(control.cookie), tag.octetString);
        }),
      );
    case 'permissiveModify':
    case 'manageDsaIt':
      return undefined;
  }
}

function derefValue(items: readonly { attribute: string; attributes: readonly string[] }[]): Buffer {
  return encode((writer) =>
    writeSequence(writer, tag.sequence, () => {
      for (const item of items) {
        writeSequence(writer, tag.sequence, () => {
          writer.writeString(item.attribute);
          writeSequence(writer, tag.sequence, () => writer.writeStringArray([...item.attributes]));
        });
      }
    }),
  );
}

function sortValue(keys: readonly SortKey[]): Buffer {
  return encode((writer) =>
    writeSequence(writer, tag.sequence, () => {
      for (const key of keys) {
        writeSequence(writer, tag.sequence, () => {
          writer.writeString(key.attribute);
          if (key.orderingRule !== undefined) writer.writeString(key.orderingRule, context(0));
          if (key.reverse === true) writer.writeBoolean(true, context(1));
        });
      }
    }),
  );
}

/** A control as a server sees it. Throws `LdapProtocolError` where a known control has a malformed value. */
export function toReceivedControl(control: WireControl): ReceivedControl {
  const isCritical = { critical: control.critical };
  const value = control.value ?? Buffer.alloc(0);
  switch (control.oid) {
    case controlOid.assertion:
      return { ...isCritical, kind: 'assertion', filter: decode(value, (cursor, end) => readFilter(cursor, end)) };
    case controlOid.preRead:
      return { ...isCritical, kind: 'preRead', attributes: decode(value, readTexts) };
    case controlOid.postRead:
      return { ...isCritical, kind: 'postRead', attributes: decode(value, readTexts) };
    case controlOid.deref:
      return { ...isCritical, kind: 'deref', items: decode(value, readDerefItems) };
    case controlOid.extendedDn:
      return { ...isCritical, kind: 'extendedDn' };
    case controlOid.matchedValues:
      return { ...isCritical, kind: 'matchedValues', tests: decode(value, readTests) };
    case controlOid.sort:
      return { ...isCritical, kind: 'sort', keys: decode(value, readSortKeys) };
    case controlOid.vlv:
      return { ...isCritical, kind: 'vlv', ...decode(value, readVlv) };
    case controlOid.pagedResults:
      return { ...isCritical, kind: 'pagedResults', ...decode(value, readPaged) };
    case controlOid.permissiveModify:
      return { ...isCritical, kind: 'permissiveModify' };
    case controlOid.manageDsaIt:
      return { ...isCritical, kind: 'manageDsaIt' };
  }
  return { ...isCritical, kind: 'unknown', oid: control.oid, value: control.value };
}

function readTexts(cursor: BerCursor, end: number): string[] {
  const stop = cursor.enter(tag.sequence, end);
  return cursor.list(stop, () => cursor.text(tag.octetString, stop));
}

function readDerefItems(cursor: BerCursor, end: number): { attribute: string; attributes: readonly string[] }[] {
  const stop = cursor.enter(tag.sequence, end);
  return cursor.list(stop, () => {
    const itemEnd = cursor.enter(tag.sequence, stop);
    return { attribute: cursor.text(tag.octetString, itemEnd), attributes: readTexts(cursor, itemEnd) };
  });
}

function readTests(cursor: BerCursor, end: number): LdapTest[] {
  const stop = cursor.enter(tag.sequence, end);
  return cursor.list(stop, () => {
    const test = readFilter(cursor, stop);
    switch (test.kind) {
      case 'and':
      case 'or':
      case 'not':
        throw new LdapProtocolError('values are chosen by single tests');
      case 'present':
      case 'equality':
      case 'greaterOrEqual':
      case 'lessOrEqual':
      case 'approx':
      case 'substrings':
      case 'extensible':
        return test;
    }
  });
}

function readSortKeys(cursor: BerCursor, end: number): SortKey[] {
  const stop = cursor.enter(tag.sequence, end);
  return cursor.list(stop, () => {
    const keyEnd = cursor.enter(tag.sequence, stop);
    const attribute = cursor.text(tag.octetString, keyEnd);
    const hasRule = cursor.peek(keyEnd) === context(0);
    const orderingRule = hasRule ? cursor.text(context(0), keyEnd) : undefined;
    const reverse = cursor.peek(keyEnd) === context(1) && cursor.boolean(context(1), keyEnd);
    cursor.leave(keyEnd);
    return { attribute, ...(orderingRule === undefined ? {} : { orderingRule }), reverse };
  });
}

function readVlv(
  cursor: BerCursor,
  end: number,
): { before: number; after: number; offset: number; contentCount: number } {
  const stop = cursor.enter(tag.sequence, end);
  const before = cursor.integer(tag.integer, stop);
  const after = cursor.integer(tag.integer, stop);
  if (cursor.peek(stop) !== constructed(0)) throw new LdapProtocolError('only a list view by offset is understood');
  const offsetEnd = cursor.enter(constructed(0), stop);
  const offset = cursor.integer(tag.integer, offsetEnd);
  return { before, after, offset, contentCount: cursor.integer(tag.integer, offsetEnd) };
}

function readPaged(cursor: BerCursor, end: number): { size: number; cookie: Buffer } {
  const stop = cursor.enter(tag.sequence, end);
  return { size: cursor.integer(tag.integer, stop), cookie: cursor.bytes(tag.octetString, stop) };
}
