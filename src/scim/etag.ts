// Entity tags (RFC 7644 s3.14, RFC 9110 s8.8.3). A version of the directory becomes a weak tag; both conditional headers
// compare weakly, because the examples of RFC 7644 send weak tags in If-Match (L6).
import { badRequest } from './error.ts';
import type { Preconditions } from './request.ts';

/** `W/"..."`, for the ETag header and `meta.version`. */
export function formatEtag(version: string): string {
  return `W/"${opaqueTag(version)}"`;
}

/** Whether one of the tags, as `parsePreconditions` gives them, is that version; `*` is any. */
export function matchesEtag(tags: readonly string[], version: string): boolean {
  const tag = opaqueTag(version);
  return tags.some((candidate) => candidate === '*' || candidate === tag);
}

/** If-Match and If-None-Match. Tags without quotes are tolerated (L7); anything else malformed is 400 invalidValue (L11). */
export function parsePreconditions(ifMatch: string | undefined, ifNoneMatch: string | undefined): Preconditions {
  return {
    ...(ifMatch !== undefined && ifMatch.trim() !== '' && { ifMatch: parseTags(ifMatch, 'If-Match') }),
    ...(ifNoneMatch !== undefined &&
      ifNoneMatch.trim() !== '' && { ifNoneMatch: parseTags(ifNoneMatch, 'If-None-Match') }),
  };
}

// Empty elements of a list are accepted (RFC 9110 s5.6.1).
const separator = /[ \t]*,[ \t,]*/y;
const quotedTag = /(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const bareTag = /(?:W\/)?([^\s",]+)/y;

function parseTags(header: string, name: string): string[] {
  const text = header.trim();
  const tags: string[] = [];
  let position = 0;
  const scan = (pattern: RegExp) => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match !== null) position = pattern.lastIndex;
    return match;
  };
  scan(separator);
  do {
    const quoted = scan(quotedTag)?.[1];
    const tag = quoted === '*' ? '"*"' : (quoted ?? scan(bareTag)?.[1]);
    if (tag === undefined) break;
    tags.push(tag);
  } while (scan(separator) !== null);
  if (tags.length === 0 || position < text.length) {
    throw badRequest('invalidValue', `${name} must be * or a list of entity tags such as W/"5".`);
  }
  return tags;
}

/** Characters that a tag may not hold are percent-encoded; a version that only says `*` is told from "any". */
function opaqueTag(version: string): string {
  return version === '*' ? '%2A' : version.replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent);
}
