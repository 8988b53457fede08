// Attribute lists and entries on the wire (RFC 4511 s4.1.7, s4.5.2), both directions.
import { type DereferencedValue, LdapEntry } from '../entry.ts';
import type { LdapAttribute, LdapValue } from '../value.ts';
import { type BerCursor, type BerWriter, constructed, encode, tag, writeValue } from './ber.ts';

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

/** The value of a deref response control (draft-masarati-ldap-deref s2.3). */
export function readDereferenced(cursor: BerCursor, end: number): ReadonlyMap<string, readonly DereferencedValue[]> {
  const byAttribute = new Map<string, DereferencedValue[]>();
  const stop = cursor.enter(tag.sequence, end);
  while (cursor.offset < stop) {
    const itemEnd = cursor.enter(tag.sequence, stop);
    const name = cursor.name(itemEnd);
    const dn = cursor.text(tag.octetString, itemEnd);
    const attributes =
      cursor.peek(itemEnd) === constructed(0)
        ? readAttributes(cursor, itemEnd, constructed(0))
        : new Map<string, readonly Buffer[]>();
    const values = byAttribute.get(name) ?? [];
    values.push({ dn, entry: new LdapEntry(dn, attributes) });
    byAttribute.set(name, values);
    cursor.leave(itemEnd);
  }
  return byAttribute;
}

export function encodeDereferenced(dereferenced: ReadonlyMap<string, readonly DereferencedValue[]>): Buffer {
  const items = [...dereferenced].flatMap(([attribute, values]) => values.map((value) => ({ attribute, value })));
  return encode((writer) => {
    writer.startSequence(tag.sequence);
    for (const { attribute, value } of items) {
      writer.startSequence(tag.sequence);
      writer.writeString(attribute);
      writer.writeString(value.dn);
      if (value.entry.attributes.size > 0) writeAttributes(writer, value.entry.attributes, constructed(0));
      writer.endSequence();
    }
    writer.endSequence();
  });
}
