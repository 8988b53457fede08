// Attribute lists and entries on the wire (RFC 4511 s4.1.7, s4.5.2), both directions.
import type { LdapAttribute, LdapValue } from '../value.ts';
import { type BerCursor, type BerWriter, tag, writeValue } from './ber.ts';

/** `PartialAttributeList`: names in lower case; a name that comes twice gives its values together. */
export function readAttributes(
  cursor: BerCursor,
  end: number,
  as: number = tag.sequence,
): ReadonlyMap<string, readonly Buffer[]> {
  const attributes = new Map<string, Buffer[]>();
  const stop = cursor.enter(as, end);
  while (cursor.offset < stop) {
    const attributeEnd = cursor.enter(tag.sequence, stop);
    const name = cursor.name(attributeEnd);
    const valuesEnd = cursor.enter(tag.set, attributeEnd);
    const values = attributes.get(name) ?? [];
    while (cursor.offset < valuesEnd) values.push(cursor.bytes(tag.octetString, valuesEnd));
    attributes.set(name, values);
    cursor.leave(attributeEnd);
  }
  return attributes;
}

/** An attribute list as add carries it: the spelling of names is kept. */
export function readAttributeList(cursor: BerCursor, end: number): LdapAttribute[] {
  const stop = cursor.enter(tag.sequence, end);
  return cursor.list(stop, () => readAttribute(cursor, stop));
}

export function readAttribute(cursor: BerCursor, end: number): LdapAttribute {
  const stop = cursor.enter(tag.sequence, end);
  const type = cursor.text(tag.octetString, stop);
  const valuesEnd = cursor.enter(tag.set, stop);
  const values = cursor.list(valuesEnd, () => cursor.bytes(tag.octetString, valuesEnd));
  cursor.leave(stop);
  return { type, values };
}

export function writeAttribute(writer: BerWriter, type: string, values: Iterable<LdapValue>): void {
  writer.startSequence(tag.sequence);
  writer.writeString(type);
  writer.startSequence(tag.set);
  for (const value of values) writeValue(writer, value);
  writer.endSequence();
  writer.endSequence();
}

export function writeAttributes(
  writer: BerWriter,
  attributes: ReadonlyMap<string, readonly LdapValue[]>,
  as: number = tag.sequence,
): void {
  writer.startSequence(as);
  for (const [type, values] of attributes) writeAttribute(writer, type, values);
  writer.endSequence();
}
