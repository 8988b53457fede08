// Filters on the wire (RFC 4511 s4.5.1.7), both directions.
import type { LdapFilter } from '../filter.ts';
import type { LdapValue } from '../value.ts';
import {
  type BerCursor,
  type BerWriter,
  constructed,
  context,
  LdapProtocolError,
  tag,
  writeSequence,
  writeValue,
} from './ber.ts';

/** OpenLDAP 2.5 closes the connection on a filter nested deeper than 1,000; nobody writes one of 500. */
const MAX_DEPTH = 500;

const filterTag = {
  and: constructed(0),
  or: constructed(1),
  not: constructed(2),
  equality: constructed(3),
  substrings: constructed(4),
  greaterOrEqual: constructed(5),
  lessOrEqual: constructed(6),
  present: context(7),
  approx: constructed(8),
  extensible: constructed(9),
} as const;

/** Throws `LdapProtocolError` where the filter is nested too deep or a substrings filter has no part. */
export function writeFilter(writer: BerWriter, filter: LdapFilter, depth = 0): void {
  if (depth > MAX_DEPTH) throw new LdapProtocolError(`a filter is nested deeper than ${MAX_DEPTH}`);
  switch (filter.kind) {
    case 'and':
    case 'or':
      writer.startSequence(filterTag[filter.kind]);
      for (const part of filter.filters) writeFilter(writer, part, depth + 1);
      writer.endSequence();
      return;
    case 'not':
      writer.startSequence(filterTag.not);
      writeFilter(writer, filter.filter, depth + 1);
      writer.endSequence();
      return;
    case 'present':
      writer.writeString(filter.attribute, filterTag.present);
      return;
    case 'equality':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approx':
      writer.startSequence(filterTag[filter.kind]);
      writer.writeString(filter.attribute);
      writeValue(writer, filter.value);
      writer.endSequence();
      return;
    case 'substrings':
      writeSubstrings(writer, filter);
      return;
    case 'extensible':
      writer.startSequence(filterTag.extensible);
      if (filter.rule !== undefined) writer.writeString(filter.rule, context(1));
      if (filter.attribute !== undefined) writer.writeString(filter.attribute, context(2));
      writeValue(writer, filter.value, context(3));
      if (filter.dnAttributes) writer.writeBoolean(true, context(4));
      writer.endSequence();
  }
}

function writeSubstrings(writer: BerWriter, filter: LdapFilter & { kind: 'substrings' }): void {
  if (filter.initial === undefined && filter.any.length === 0 && filter.final === undefined) {
    throw new LdapProtocolError('a substrings filter has no part');
  }
  writer.startSequence(filterTag.substrings);
  writer.writeString(filter.attribute);
  writeSequence(writer, tag.sequence, () => {
    if (filter.initial !== undefined) writeValue(writer, filter.initial, context(0));
    for (const part of filter.any) writeValue(writer, part, context(1));
    if (filter.final !== undefined) writeValue(writer, filter.final, context(2));
  });
  writer.endSequence();
}

const ASSERTION_KINDS = new Map<number, 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx'>([
  [filterTag.equality, 'equality'],
  [filterTag.greaterOrEqual, 'greaterOrEqual'],
  [filterTag.lessOrEqual, 'lessOrEqual'],
  [filterTag.approx, 'approx'],
]);

/** Reads one filter; values are octets. Throws `LdapProtocolError`. */
export function readFilter(cursor: BerCursor, end: number, depth = 0): LdapFilter {
  if (depth > MAX_DEPTH) throw new LdapProtocolError(`a filter is nested deeper than ${MAX_DEPTH}`);
  const found = cursor.peek(end);
  if (found === filterTag.present) return { kind: 'present', attribute: cursor.text(found, end) };
  const stop = cursor.enter(found, end);
  const kind = ASSERTION_KINDS.get(found);
  if (kind !== undefined) {
    return { kind, attribute: cursor.text(tag.octetString, stop), value: cursor.bytes(tag.octetString, stop) };
  }
  switch (found) {
    case filterTag.and:
    case filterTag.or: {
      const filters = cursor.list(stop, () => readFilter(cursor, stop, depth + 1));
      return { kind: found === filterTag.and ? 'and' : 'or', filters };
    }
    case filterTag.not:
      return { kind: 'not', filter: readFilter(cursor, stop, depth + 1) };
    case filterTag.substrings:
      return readSubstrings(cursor, stop);
    case filterTag.extensible:
      return readExtensible(cursor, stop);
  }
  throw new LdapProtocolError('a filter is of no known kind');
}

function readSubstrings(cursor: BerCursor, end: number): LdapFilter {
  const attribute = cursor.text(tag.octetString, end);
  const stop = cursor.enter(tag.sequence, end);
  const initial = optional(cursor, context(0), stop);
  const any: LdapValue[] = [];
  while (cursor.peek(stop) === context(1)) any.push(cursor.bytes(context(1), stop));
  const final = optional(cursor, context(2), stop);
  if (cursor.offset !== stop || (initial === undefined && any.length === 0 && final === undefined)) {
    throw new LdapProtocolError('a substrings filter has no part or parts out of order');
  }
  return {
    kind: 'substrings',
    attribute,
    ...(initial === undefined ? {} : { initial }),
    any,
    ...(final === undefined ? {} : { final }),
  };
}

function readExtensible(cursor: BerCursor, end: number): LdapFilter {
  const rule = optional(cursor, context(1), end)?.toString('utf8');
  const attribute = optional(cursor, context(2), end)?.toString('utf8');
  const value = cursor.bytes(context(3), end);
  const dnAttributes = cursor.peek(end) === context(4) && cursor.boolean(context(4), end);
  return {
    kind: 'extensible',
    ...(rule === undefined ? {} : { rule }),
    ...(attribute === undefined ? {} : { attribute }),
    value,
    dnAttributes,
  };
}

function optional(cursor: BerCursor, expected: number, end: number): Buffer | undefined {
  return cursor.peek(end) === expected ? cursor.bytes(expected, end) : undefined;
}
