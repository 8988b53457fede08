// The body of a request as JSON. Everything a body parser would silently mend is refused here: octets that are not
// UTF-8, other media types, unknown encodings, nesting without end. Nothing of the body is ever quoted in an error.
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import readBody from 'raw-body';
import { badRequest, ScimError } from '../scim/error.ts';
import type { JsonValue } from '../scim/json.ts';
import { locateJsonError } from './locate-json-error.ts';

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

/** JSON text -> value. A `__proto__` member is an attribute that no schema has, and is ignored like any other (B5). */
export function parseJson(text: string): JsonValue {
  if (text.trim() === '') throw emptyBody();
  checkDepth(text);
  try {
    return mayHoldPrototype(text) ? parseWithoutPrototype(text) : (JSON.parse(text) as JsonValue);
  } catch {
    const { line, column } = locateJsonError(text);
    throw badRequest('invalidSyntax', `The body is not valid JSON: mistake at line ${line}, column ${column}.`);
  }
}

/** The reviver makes parsing several times slower, so only suspicious texts pay for it. */
function mayHoldPrototype(text: string): boolean {
  return text.includes('__proto__') || /\\u005f/i.test(text);
}

function parseWithoutPrototype(text: string): JsonValue {
  return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as JsonValue;
}

function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === backslash) index += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) {
      inString = true;
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (depth > maxDepth) throw badRequest('invalidSyntax', `The body nests deeper than ${maxDepth} levels.`);
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
    }
  }
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

function emptyBody(): ScimError {
  return badRequest('invalidSyntax', 'This request needs a body.');
}

function tooLarge(limit: number): ScimError {
  return new ScimError(413, undefined, `The body is larger than the ${limit} octets that this gateway accepts.`);
}
