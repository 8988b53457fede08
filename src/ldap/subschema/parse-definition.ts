// One schema definition at a time, in the notation of RFC 4512 s4.1. Directories stray from it: Active Directory quotes
// the OIDs of syntaxes, 389-DS 1.x has OIDs such as `cosSpecifier-oid`, and extensions come in every shape. So a
// definition is read as words and lists behind keywords, and only what is known is looked at.
import { LdapSyntaxError } from '../errors.ts';
import type { AttributeType, ObjectClass } from './subschema.ts';

/** An attribute type as its definition says it, before anything is inherited. */
export type AttributeTypeDefinition = Omit<AttributeType, 'syntax'> & { readonly syntax?: string };

interface Token {
  readonly kind: '(' | ')' | '$' | 'word' | 'quoted';
  readonly text: string;
  readonly at: number;
}

interface Definition {
  readonly oid: string;
  /** What stands behind a keyword; empty for one that stands alone. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

const TOKEN = /\s*(?:([()$])|'([^']*)'|([^\s()$']+))/y;
/** Keywords that take no value: what follows them is the next keyword. */
const FLAGS = new Set([
  'OBSOLETE',
  'SINGLE-VALUE',
  'COLLECTIVE',
  'NO-USER-MODIFICATION',
  'ABSTRACT',
  'STRUCTURAL',
  'AUXILIARY',
]);
const USAGES = ['userApplications', 'directoryOperation', 'distributedOperation', 'dSAOperation'] as const;

/** Reads an AttributeTypeDescription (RFC 4512 s4.1.2). Throws `LdapSyntaxError`. */
export function parseAttributeType(text: string): AttributeTypeDefinition {
  const { oid, fields } = parseDefinition(text);
  const one = (key: string): string | undefined => fields.get(key)?.[0];
  const syntax = /^([^{]+)(?:\{(\d+)\})?$/.exec(one('SYNTAX') ?? '');
  const usage = one('USAGE')?.toLowerCase();
  return {
    oid,
    names: fields.get('NAME') ?? [],
    ...defined('description', one('DESC')),
    ...defined('superior', one('SUP')),
    ...defined('syntax', syntax?.[1]),
    ...(syntax?.[2] === undefined ? {} : { length: Number(syntax[2]) }),
    ...defined('equality', one('EQUALITY')),
    ...defined('ordering', one('ORDERING')),
    ...defined('substrings', one('SUBSTR')),
    singleValue: fields.has('SINGLE-VALUE'),
    noUserModification: fields.has('NO-USER-MODIFICATION'),
    usage: USAGES.find((known) => known.toLowerCase() === usage) ?? 'userApplications',
  };
}

/** Reads an ObjectClassDescription (RFC 4512 s4.1.1). Throws `LdapSyntaxError`. */
export function parseObjectClass(text: string): ObjectClass {
  const { oid, fields } = parseDefinition(text);
  return {
    oid,
    names: fields.get('NAME') ?? [],
    ...defined('description', fields.get('DESC')?.[0]),
    kind: fields.has('ABSTRACT') ? 'abstract' : fields.has('AUXILIARY') ? 'auxiliary' : 'structural',
    superiors: fields.get('SUP') ?? [],
    must: fields.get('MUST') ?? [],
    may: fields.get('MAY') ?? [],
  };
}

function defined<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: string });
}

function parseDefinition(text: string): Definition {
  const tokens = tokenize(text);
  let at = 0;
  const fail = (message: string): never => {
    throw new LdapSyntaxError(message, tokens[at]?.at ?? text.length);
  };
  const next = (): Token => tokens[at++] ?? fail('schema definition ends too early');
  if (next().kind !== '(') throw new LdapSyntaxError('"(" expected before a schema definition', 0);
  const { kind, text: oid } = next();
  if (kind !== 'word' && kind !== 'quoted') throw new LdapSyntaxError('OID expected in a schema definition', 1);
  const fields = new Map<string, readonly string[]>();
  for (;;) {
    const token = next();
    if (token.kind === ')') break;
    if (token.kind !== 'word') throw new LdapSyntaxError('keyword expected in a schema definition', token.at);
    const keyword = token.text.toUpperCase();
    if (FLAGS.has(keyword)) {
      fields.set(keyword, []);
      continue;
    }
    const value = next();
    if (value.kind !== '(') {
      if (value.kind === ')' || value.kind === '$') throw new LdapSyntaxError(`${keyword} lacks a value`, value.at);
      fields.set(keyword, [value.text]);
      continue;
    }
    const values: string[] = [];
    for (let item = next(); item.kind !== ')'; item = next()) if (item.kind !== '$') values.push(item.text);
    fields.set(keyword, values);
  }
  if (at < tokens.length) fail('text after a schema definition');
  return { oid, fields };
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new LdapSyntaxError('quote without an end in a schema definition', start);
    const [, sign, quoted, word] = match;
    if (sign === '(' || sign === ')' || sign === '$') tokens.push({ kind: sign, text: sign, at: start });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: unescapeQuoted(quoted), at: start });
    else tokens.push({ kind: 'word', text: word ?? '', at: start });
  }
  return tokens;
}

/** `\27` and `\5C` are the only escapes of a quoted string (RFC 4512 s4.1). */
function unescapeQuoted(text: string): string {
  return text.replace(/\\(27|5c)/gi, (_, code: string) => (code === '27' ? "'" : '\\'));
}
