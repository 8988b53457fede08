// The value of a deref response control (draft-masarati-ldap-deref s2.3), both directions. That of a group of 100,000
// members has 25 MB: it is not taken apart before somebody asks, and then item by item.

import { LazyList } from '../../util/lazy-iterable.ts';
import { type DereferencedValue, type DereferencedValues, LdapEntry } from '../entry.ts';
import { BerCursor, constructed, encode, tag } from './ber.ts';
import { readAttributes, writeAttributes } from './entry-codec.ts';

/** Octets from which on a value is decoded anew by each who reads it, and never kept. */
const LARGE = 65_536;

/** By attribute type in lower case. Throws `LdapProtocolError`; of a large value the readers of an item may. */
export function readDereferenced(value: Buffer): ReadonlyMap<string, DereferencedValues> {
  const cursor = new BerCursor(value);
  const stop = cursor.enter(tag.sequence, value.length);
  return value.length < LARGE ? readAll(cursor, stop) : outline(value, cursor, stop);
}

function readAll(cursor: BerCursor, stop: number): ReadonlyMap<string, readonly DereferencedValue[]> {
  const byAttribute = new Map<string, DereferencedValue[]>();
  while (cursor.offset < stop) {
    const itemEnd = cursor.enter(tag.sequence, stop);
    const name = cursor.name(itemEnd);
    const values = byAttribute.get(name) ?? [];
    values.push(readItem(cursor, itemEnd));
    byAttribute.set(name, values);
    cursor.leave(itemEnd);
  }
  return byAttribute;
}

/** Counts the items of each attribute. */
function outline(value: Buffer, cursor: BerCursor, stop: number): ReadonlyMap<string, DereferencedValues> {
  const start = cursor.offset;
  const counts = new Map<string, number>();
  while (cursor.offset < stop) {
    const itemEnd = cursor.enter(tag.sequence, stop);
    const name = cursor.name(itemEnd);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    cursor.leave(itemEnd);
  }
  const items = value.subarray(start, stop);
  return new Map(Array.from(counts, ([name, length]) => [name, new LazyList(length, () => itemsOf(items, name))]));
}

function* itemsOf(items: Buffer, name: string): Generator<DereferencedValue, undefined> {
  const cursor = new BerCursor(items);
  while (cursor.offset < items.length) {
    const itemEnd = cursor.enter(tag.sequence, items.length);
    if (cursor.name(itemEnd) === name) yield readItem(cursor, itemEnd);
    cursor.leave(itemEnd);
  }
}

/** What comes behind the name. */
function readItem(cursor: BerCursor, end: number): DereferencedValue {
  const dn = cursor.text(tag.octetString, end);
  const found = cursor.peek(end) === constructed(0);
  const attributes = found ? readAttributes(cursor, end, constructed(0)) : new Map<string, readonly Buffer[]>();
  return { dn, entry: new LdapEntry(dn, attributes) };
}

export function encodeDereferenced(dereferenced: ReadonlyMap<string, DereferencedValues>): Buffer {
  const items = [...dereferenced].flatMap(([attribute, values]) =>
    Array.from(values, (value) => ({ attribute, value })),
  );
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
