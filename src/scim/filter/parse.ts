// The parser of SCIM filters (RFC 7644 s3.4.2.2): text -> ScimFilter, with limits on size and depth and an error that
// says where, what was expected and what was found. It knows the grammar and no schema: names stay as written.
import { badRequest } from '../error.ts';
import { findAttributePath } from './attribute-path.ts';
import type { AttributePath, CompareOperator, ScimFilter } from './filter.ts';
import { describeToken, errorAt, readToken, type SourceText, type Token } from './lex.ts';

/** UTF-16 units, levels of parentheses and brackets, terms and connectives. */
export const filterLimits = { length: 8192, depth: 32, nodes: 500 } as const;

const compareOperators: ReadonlyMap<string, CompareOperator> = new Map(
  (['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const).map((operator) => [operator, operator]),
);
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const numberPattern = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Parses the value of a `filter` parameter. Throws 400 invalidFilter. */
export function parseFilter(text: string): ScimFilter {
  const source: SourceText = { name: 'Filter', text };
  const cursor = openCursor(source, 0);
  const filter = parseAlternatives(cursor, { depth: 0, brackets: false });
  if (!isAt(cursor, 'end')) throw unexpected(cursor, '"and", "or" or the end');
  return filter;
}

/** Parses the filter between `[` and `]` of a patch path; `from` is behind `[`, `end` behind `]`. Throws invalidFilter. */
export function parseBracketedFilter(source: SourceText, from: number): { filter: ScimFilter; end: number } {
  const cursor = openCursor(source, from);
  const filter = parseAlternatives(cursor, { depth: 0, brackets: true });
  return { filter, end: closeBracket(cursor).end };
}

interface Cursor {
  readonly source: SourceText;
  token: Token;
  nodes: number;
}

interface Scope {
  readonly depth: number;
  /** Inside `[ ]`, where paths name sub-attributes and no further `[` may come. */
  readonly brackets: boolean;
}

function openCursor(source: SourceText, from: number): Cursor {
  if (source.text.length > filterLimits.length) {
    throw badRequest('invalidFilter', `${source.name} is longer than ${filterLimits.length} characters.`);
  }
  return { source, token: readToken(source, from), nodes: 0 };
}

function advance(cursor: Cursor): Token {
  const { token } = cursor;
  cursor.token = readToken(cursor.source, token.end);
  return token;
}

function unexpected(cursor: Cursor, expected: string, hint = ''): Error {
  const found = describeToken(cursor.source, cursor.token);
  return errorAt(cursor.source, cursor.token.position, `expected ${expected}, found ${found}.${hint}`);
}

function count(cursor: Cursor): void {
  cursor.nodes += 1;
  if (cursor.nodes > filterLimits.nodes) {
    throw errorAt(cursor.source, cursor.token.position, `more than ${filterLimits.nodes} terms.`);
  }
}

function deeper(cursor: Cursor, scope: Scope): Scope {
  if (scope.depth === filterLimits.depth) {
    throw errorAt(cursor.source, cursor.token.position, `nested deeper than ${filterLimits.depth} levels.`);
  }
  return { ...scope, depth: scope.depth + 1 };
}

function isAt(cursor: Cursor, kind: Token['kind']): boolean {
  return cursor.token.kind === kind;
}

function isKeyword(token: Token, keyword: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === keyword;
}

function parseAlternatives(cursor: Cursor, scope: Scope): ScimFilter {
  return parseChain(cursor, 'or', () => parseChain(cursor, 'and', () => parseOperand(cursor, scope)));
}

function parseChain(cursor: Cursor, kind: 'and' | 'or', parsePart: () => ScimFilter): ScimFilter {
  const first = parsePart();
  if (!isKeyword(cursor.token, kind)) return first;
  const filters = [first];
  count(cursor);
  while (isKeyword(cursor.token, kind)) {
    advance(cursor);
    filters.push(parsePart());
  }
  return { kind, filters };
}

function parseOperand(cursor: Cursor, scope: Scope): ScimFilter {
  if (isAt(cursor, '(')) return parseGroup(cursor, scope);
  if (isKeyword(cursor.token, 'not')) {
    advance(cursor);
    if (!isAt(cursor, '(')) throw unexpected(cursor, '"(" after "not"');
    count(cursor);
    return { kind: 'not', filter: parseGroup(cursor, scope) };
  }
  return parseTerm(cursor, scope);
}

function parseGroup(cursor: Cursor, scope: Scope): ScimFilter {
  const inner = deeper(cursor, scope);
  advance(cursor);
  const filter = parseAlternatives(cursor, inner);
  if (!isAt(cursor, ')')) throw unexpected(cursor, '"and", "or" or ")"');
  advance(cursor);
  return filter;
}

function parseTerm(cursor: Cursor, scope: Scope): ScimFilter {
  const { position } = cursor.token;
  const path = parsePathWord(cursor);
  if (isAt(cursor, '[')) return parseValuePath(cursor, scope, path, position);
  return parseComparison(cursor, path, position);
}

function parsePathWord(cursor: Cursor): AttributePath {
  const { token } = cursor;
  const path =
    token.kind === 'word' && !isKeyword(token, 'and') && !isKeyword(token, 'or')
      ? findAttributePath(token.text)
      : undefined;
  if (path === undefined) throw unexpected(cursor, 'an attribute such as userName or name.familyName');
  advance(cursor);
  return path;
}

function parseComparison(cursor: Cursor, path: AttributePath, position: number): ScimFilter {
  const word = cursor.token.kind === 'word' ? cursor.token.text.toLowerCase() : '';
  const operator = compareOperators.get(word);
  if (word !== 'pr' && operator === undefined) {
    throw unexpected(cursor, 'an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)');
  }
  advance(cursor);
  count(cursor);
  if (operator === undefined) return { kind: 'present', path, position };
  return { kind: 'compare', operator, path, value: parseValue(cursor), position };
}

function parseValue(cursor: Cursor): string | number | boolean | null {
  const { token } = cursor;
  const value = token.kind === 'string' ? token.value : token.kind === 'word' ? wordValue(token.text) : undefined;
  if (value === undefined) {
    const hint = token.kind === 'word' ? ' Strings need double quotes.' : '';
    throw unexpected(cursor, 'a value such as "text", 42, true or null', hint);
  }
  advance(cursor);
  return value;
}

function wordValue(word: string): number | boolean | null | undefined {
  const constant = constants.get(word.toLowerCase());
  if (constant !== undefined) return constant;
  if (!numberPattern.test(word)) return undefined;
  const number = Number(word);
  // 1e999 has no JSON form to print back; -0 is 0.
  return Number.isFinite(number) ? number + 0 : undefined;
}

function parseValuePath(cursor: Cursor, scope: Scope, path: AttributePath, position: number): ScimFilter {
  if (scope.brackets) throw errorAt(cursor.source, cursor.token.position, '"[" cannot stand inside "[ ]".');
  // With a URN the dot may belong to it (E44), which the resolver finds out.
  if (path.urn === undefined && path.subAttribute !== undefined) {
    throw errorAt(cursor.source, position, '"[" must follow an attribute, not a sub-attribute.');
  }
  const inner = { ...deeper(cursor, scope), brackets: true };
  advance(cursor);
  count(cursor);
  const filter = parseAlternatives(cursor, inner);
  const close = closeBracket(cursor);
  cursor.token = readToken(cursor.source, close.end);
  if (cursor.token.position !== close.end || cursor.token.kind !== 'word' || !cursor.token.text.startsWith('.')) {
    return { kind: 'valuePath', path, filter, position };
  }
  return { kind: 'valuePath', path, filter: withSubAttributeTerm(cursor, filter), position };
}

// `emails[type eq "work"].value eq "x"` is outside the ABNF, but Entra ID sends it (G11): the same element must match.
function withSubAttributeTerm(cursor: Cursor, filter: ScimFilter): ScimFilter {
  const { token } = cursor;
  const path = token.kind === 'word' ? findAttributePath(token.text.slice(1)) : undefined;
  if (path === undefined || path.urn !== undefined || path.subAttribute !== undefined) {
    throw unexpected(cursor, 'a sub-attribute such as ".value" after "]"');
  }
  advance(cursor);
  const term = parseComparison(cursor, path, token.position + 1);
  if (filter.kind === 'and') return { kind: 'and', filters: [...filter.filters, term] };
  count(cursor);
  return { kind: 'and', filters: [filter, term] };
}

function closeBracket(cursor: Cursor): Token {
  if (!isAt(cursor, ']')) throw unexpected(cursor, '"and", "or" or "]"');
  return cursor.token;
}
