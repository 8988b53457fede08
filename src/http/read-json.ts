// The body of a request as JSON. Everything a body parser would silently mend is refused here: octets that are not
// UTF-8, other media types, unknown encodings, nesting without end. Nothing of the body is ever quoted in an error.
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import readBody from 'raw-body';
import { badRequest, ScimError } from '../scim/error.ts';
import type { JsonValue } from '../scim/json.ts';
import { locateJsonError, placeOf } from './locate-json-error.ts';

/** Deeper than any SCIM message; shallow enough that no recursion over a value can overflow. */
const maxDepth = 64;

/** Reads at most `maxBytes` octets after decompression. Throws `ScimError` 400, 413 or 415. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<JsonValue> {
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  if (declared === 0 || (Number.isNaN(declared) && request.headers['transfer-encoding'] === undefined)) {
    throw emptyBody();
  }
  checkMediaType(request.headers['content-type']);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  return parseJson(decodeUtf8(await readOctets(request, maxBytes)));
}

function checkMediaType(header: string | undefined): void {
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => /^charset\s*=/.test(parameter))?.replace(/^charset\s*=\s*/, '');
  const wellTyped = type === 'application/scim+json' || type === 'application/json';
  if (!wellTyped || (charset !== undefined && !/^"?utf-?8"?$/.test(charset))) {
    throw new ScimError(415, undefined, 'The body must be application/scim+json or application/json in UTF-8.', {
      headers: { Accept: 'application/scim+json, application/json' },
    });
  }
}

async function readOctets(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new ScimError(415, undefined, 'The body may be sent plain or with Content-Encoding gzip.', {
      headers: { 'Accept-Encoding': 'gzip, identity' },
    });
  }
  if (encoding === 'identity') return await readLimited(request, limit);
  const unpacked = createGunzip();
  request.on('error', (error) => unpacked.destroy(error));
  request.on('aborted', () => unpacked.destroy(new Error('request aborted')));
  try {
    return await readLimited(request.pipe(unpacked), limit);
  } finally {
    // A body that unpacks to more than the limit is not unpacked any further.
    request.unpipe(unpacked);
    unpacked.destroy();
    request.resume();
  }
}

async function readLimited(stream: NodeJS.ReadableStream, limit: number): Promise<Buffer> {
  try {
    return await readBody(stream, { limit });
  } catch (error) {
    const type = error instanceof Error && 'type' in error ? error.type : undefined;
    if (type === 'entity.too.large') throw tooLarge(limit);
    throw new ScimError(400, 'invalidSyntax', 'The body broke off or is not what its Content-Encoding says.', {
      cause: error,
    });
  }
}

function decodeUtf8(octets: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    throw badRequest('invalidSyntax', 'The body is not valid UTF-8.');
  }
}

/** JSON text -> value. */
export function parseJson(text: string): JsonValue {
  if (text.trim() === '') throw emptyBody();
  checkStructure(text);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    const { line, column } = locateJsonError(text);
    throw badRequest('invalidSyntax', `The body is not valid JSON: mistake at line ${line}, column ${column}.`);
  }
}

const nameEnd = /[ \t\n\r]*:/y;

/**
 * Depth; names that an object has twice, as of two values one would be lost unseen (B14); and `__proto__`, which is no
 * attribute name (RFC 7643 s2.1) and means something else to careless code (P13).
 */
function checkStructure(text: string): void {
  /** Names so far of each open object; of an array nothing. */
  const open: (Set<string> | undefined)[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      const end = endOfString(text, index);
      checkName(text, index, end, open.at(-1));
      index = end;
    } else if (code === openBrace || code === openBracket) {
      open.push(code === openBrace ? new Set() : undefined);
      if (open.length > maxDepth) throw badRequest('invalidSyntax', `The body nests deeper than ${maxDepth} levels.`);
    } else if (code === closeBrace || code === closeBracket) {
      open.pop();
    }
  }
}

/** Offset of the closing quote; of the last character where there is none. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== quote) end += text.charCodeAt(end) === backslash ? 2 : 1;
  return end;
}

function checkName(text: string, start: number, end: number, names: Set<string> | undefined): void {
  nameEnd.lastIndex = end + 1;
  if (names === undefined || !nameEnd.test(text)) return;
  const raw = text.slice(start + 1, end);
  const name = raw.includes('\\') ? unescaped(raw) : raw;
  if (names.has(name) || name === '__proto__') {
    const { line, column } = placeOf(text, start);
    const mistake = name === '__proto__' ? 'a name that no attribute can have' : 'a name twice in one object';
    throw badRequest('invalidSyntax', `The body has ${mistake}, at line ${line}, column ${column}.`);
  }
  names.add(name);
}

/** What is no JSON is told of by the parser, which comes next. */
function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

function emptyBody(): ScimError {
  return badRequest('invalidSyntax', 'This request needs a body.');
}

function tooLarge(limit: number): ScimError {
  return new ScimError(413, undefined, `The body is larger than the ${limit} octets that this gateway accepts.`);
}
