// Reads the text form of a filter (RFC 4515) where people write one: mapping files and the command line. Nothing that a
// client sent comes this way.
import { LdapSyntaxError } from './errors.ts';
import type { LdapFilter } from './filter.ts';
import { findText } from './syntaxes/utf8.ts';
import type { LdapValue } from './value.ts';

/** OpenLDAP 2.5 closes the connection above 1,000 nested filters; nobody writes a hundred by hand. */
const MAX_DEPTH = 100;
const SPACE = /\s*/y;
const DESCRIPTION = /[^()=<>~:\s\\*]*/y;
const OPERATOR = /:=|[~<>]?=/y;
const VALUE = /[^()\0]*/y;
const ATTRIBUTE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*$/;
const OID = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)$/;

interface Cursor {
  readonly text: string;
  at: number;
}

/** Reads a filter; white space between the parts is let pass, structure stays as written. Throws `LdapSyntaxError`. */
export function parseLdapFilter(text: string): LdapFilter {
  const cursor: Cursor = { text, at: 0 };
  const filter = parseFilter(cursor, 1);
  if (cursor.at < text.length) throw new LdapSyntaxError('text after the end of the filter', cursor.at);
  return filter;
}

function parseFilter(cursor: Cursor, depth: number): LdapFilter {
  if (depth > MAX_DEPTH) throw new LdapSyntaxError(`filter nested deeper than ${MAX_DEPTH}`, cursor.at);
  take(cursor, SPACE);
  expectCharacter(cursor, '(');
  take(cursor, SPACE);
  const filter = parseContent(cursor, depth);
  expectCharacter(cursor, ')');
  take(cursor, SPACE);
  return filter;
}

function parseContent(cursor: Cursor, depth: number): LdapFilter {
  const operator = cursor.text[cursor.at];
  if (operator === '!') {
    cursor.at++;
    return { kind: 'not', filter: parseFilter(cursor, depth + 1) };
  }
  if (operator !== '&' && operator !== '|') return parseItem(cursor);
  cursor.at++;
  const filters: LdapFilter[] = [];
  take(cursor, SPACE);
  while (cursor.text[cursor.at] === '(') filters.push(parseFilter(cursor, depth + 1));
  return { kind: operator === '&' ? 'and' : 'or', filters };
}

function parseItem(cursor: Cursor): LdapFilter {
  const start = cursor.at;
  const attribute = take(cursor, DESCRIPTION);
  const matching: string[] = [];
  while (cursor.text[cursor.at] === ':' && cursor.text[cursor.at + 1] !== '=') {
    cursor.at++;
    matching.push(take(cursor, DESCRIPTION));
  }
  const operator = take(cursor, OPERATOR);
  if (operator === '') throw new LdapSyntaxError('"=", ">=", "<=", "~=" or ":=" expected', cursor.at);
  if (operator === ':=') return parseExtensible(cursor, start, attribute, matching);
  if (matching.length > 0) throw new LdapSyntaxError('a matching rule needs ":="', cursor.at - operator.length);
  checkName(attribute, ATTRIBUTE, 'attribute description', start);
  const parts = parseValue(cursor, operator === '=');
  const [value = ''] = parts;
  switch (operator) {
    case '>=':
      return { kind: 'greaterOrEqual', attribute, value };
    case '<=':
      return { kind: 'lessOrEqual', attribute, value };
    case '~=':
      return { kind: 'approx', attribute, value };
  }
  if (parts.length === 1) return { kind: 'equality', attribute, value };
  if (parts.every((part) => part.length === 0)) {
    if (parts.length === 2) return { kind: 'present', attribute };
    throw new LdapSyntaxError('nothing between two asterisks', cursor.at);
  }
  const any = parts.slice(1, -1);
  const final = parts.at(-1) ?? '';
  if (any.some((part) => part.length === 0)) throw new LdapSyntaxError('nothing between two asterisks', cursor.at);
  return {
    kind: 'substrings',
    attribute,
    ...(value.length === 0 ? {} : { initial: value }),
    any,
    ...(final.length === 0 ? {} : { final }),
  };
}

function parseExtensible(cursor: Cursor, start: number, attribute: string, matching: readonly string[]): LdapFilter {
  const dnAttributes = matching[0]?.toLowerCase() === 'dn';
  const [rule, ...more] = dnAttributes ? matching.slice(1) : matching;
  if (more.length > 0) throw new LdapSyntaxError('more than one matching rule', start);
  if (attribute === '' && rule === undefined) throw new LdapSyntaxError('attribute or matching rule expected', start);
  if (attribute !== '') checkName(attribute, ATTRIBUTE, 'attribute description', start);
  if (rule !== undefined) checkName(rule, OID, 'matching rule', start);
  const [value = ''] = parseValue(cursor, false);
  return {
    kind: 'extensible',
    ...(rule === undefined ? {} : { rule }),
    ...(attribute === '' ? {} : { attribute }),
    value,
    dnAttributes,
  };
}

/** The parts between asterisks, unescaped; only a substring assertion may have more than one. */
function parseValue(cursor: Cursor, asterisks: boolean): LdapValue[] {
  const start = cursor.at;
  const raw = take(cursor, VALUE);
  if (!asterisks && raw.includes('*')) throw new LdapSyntaxError('"*" must be escaped here', start + raw.indexOf('*'));
  let at = start;
  return raw.split('*').map((part) => {
    const value = unescapeValue(part, at);
    at += part.length + 1;
    return value;
  });
}

function unescapeValue(part: string, start: number): LdapValue {
  if (!part.includes('\\')) return part;
  const [head = '', ...escapes] = part.split('\\');
  const octets = [Buffer.from(head, 'utf8')];
  let at = start + head.length;
  for (const escaped of escapes) {
    const pair = escaped.slice(0, 2);
    if (!/^[0-9A-Fa-f]{2}$/.test(pair)) throw new LdapSyntaxError('"\\" must be followed by two hex digits', at);
    octets.push(Buffer.from(pair, 'hex'), Buffer.from(escaped.slice(2), 'utf8'));
    at += escaped.length + 1;
  }
  const value = Buffer.concat(octets);
  return findText(value) ?? value;
}

function checkName(name: string, pattern: RegExp, what: string, at: number): void {
  if (!pattern.test(name)) throw new LdapSyntaxError(`${name === '' ? 'missing' : 'invalid'} ${what}`, at);
}

function expectCharacter(cursor: Cursor, character: string): void {
  if (cursor.text[cursor.at] !== character) throw new LdapSyntaxError(`"${character}" expected`, cursor.at);
  cursor.at++;
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at += found.length;
  return found;
}
