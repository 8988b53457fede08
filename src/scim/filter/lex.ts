// The lexer of filters and of the filters in patch paths: one forward pass, no backtracking, so that hostile text costs
// no more than its length. A word is whatever stands between delimiters; what it means is for the parser, which knows
// what it expects there and can say so.
import { badRequest, type ScimError, type ScimType } from '../error.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly position: number; readonly end: number }
  | { readonly kind: 'string'; readonly value: string; readonly position: number; readonly end: number }
  | { readonly kind: '(' | ')' | '[' | ']'; readonly position: number; readonly end: number }
  | { readonly kind: 'end'; readonly position: number; readonly end: number };

/** What is being read; `name` opens the error messages. */
export interface SourceText {
  readonly name: 'Filter' | 'Path';
  readonly text: string;
}

// Long enough for a URN with an attribute.
const longestQuote = 100;

/** The token at or after `from` (UTF-16 units), behind white space. Throws invalidFilter for a malformed string. */
export function readToken(source: SourceText, from: number): Token {
  const { text } = source;
  let position = from;
  while (isSpace(text[position])) position += 1;
  const first = text[position];
  if (first === undefined) return { kind: 'end', position, end: position };
  if (first === '(' || first === ')' || first === '[' || first === ']') {
    return { kind: first, position, end: position + 1 };
  }
  if (first === '"') return readString(source, position);
  let end = position + 1;
  while (!isDelimiter(text[end])) end += 1;
  return { kind: 'word', text: text.slice(position, end), position, end };
}

/** 400 with a place in the text; `position` counts from 0, the message from 1. */
export function errorAt(
  source: Pick<SourceText, 'name'>,
  position: number,
  message: string,
  type?: ScimType,
): ScimError {
  return badRequest(type ?? 'invalidFilter', `${source.name}, column ${position + 1}: ${message}`);
}

/** A token for an error message: short, and without characters that could break a log line. */
export function describeToken(source: SourceText, token: Token): string {
  if (token.kind === 'end') return `the end of the ${source.name.toLowerCase()}`;
  return quote(source.text.slice(token.position, token.end));
}

/** Client text for an error message. */
export function quote(text: string): string {
  const short = text.length > longestQuote ? `${text.slice(0, longestQuote).toWellFormed()}...` : text.toWellFormed();
  const printable = short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  return /^(["']).*\1$/.test(printable) ? printable : `'${printable}'`;
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

function isDelimiter(character: string | undefined): boolean {
  return character === undefined || isSpace(character) || '()[]"'.includes(character);
}

// RFC 7644 s3.4.2.2: a string is one of JSON (RFC 8259 s7).
function readString(source: SourceText, position: number): Token {
  const { text } = source;
  let end = position + 1;
  while (text[end] !== '"') {
    const character = text[end];
    if (character === undefined) {
      throw errorAt(source, position, 'a string begins here that has no closing double quote.');
    }
    if (character < ' ') {
      throw errorAt(source, end, 'control characters in a string must be written as escapes such as \\n or \\u0000.');
    }
    end += character === '\\' ? escapeLength(source, end) : 1;
  }
  end += 1;
  const value: unknown = JSON.parse(text.slice(position, end));
  // Half a surrogate pair has no UTF-8 form: the directory would be asked for another text than the client's.
  if (typeof value !== 'string' || !value.isWellFormed()) {
    throw errorAt(source, position, 'the string holds half of a surrogate pair.');
  }
  return { kind: 'string', value, position, end };
}

function escapeLength(source: SourceText, position: number): number {
  const next = source.text[position + 1];
  if (next !== undefined && '"\\/bfnrt'.includes(next)) return 2;
  if (next === 'u' && /^[0-9A-Fa-f]{4}$/.test(source.text.slice(position + 2, position + 6))) return 6;
  throw errorAt(
    source,
    position,
    'unknown escape in a string; JSON knows \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX.',
  );
}
