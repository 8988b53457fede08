// The parser of PATCH paths (RFC 7644 s3.5.2 Figure 7). Syntax alone: what a path means in a resource type is for
// `resolve-path.ts`.

import { findAttributePath, isAttributeName, isSchemaUri } from '../filter/attribute-path.ts';
import type { AttributePath, ScimFilter } from '../filter/filter.ts';
import { errorAt, quote, type SourceText } from '../filter/lex.ts';
import { filterLimits, parseBracketedFilter } from '../filter/parse.ts';

/**
 * `schema` is a URN that cannot be an attribute, such as `urn:example:ext:2.0`; `urn:...:2.0:User` alone looks like an
 * attribute `User` and is recognised by the resolver, which knows the URNs (E43).
 */
export type ParsedPatchPath =
  | {
      readonly kind: 'attribute';
      readonly text: string;
      readonly path: AttributePath;
      /** Inside `[ ]`; positions count in `text`. */
      readonly filter?: ScimFilter;
      /** Behind `[ ]`. */
      readonly subAttribute?: string;
    }
  | { readonly kind: 'schema'; readonly text: string };

/** Parses the path of a PATCH operation. Throws 400 invalidPath, or invalidFilter for what is inside `[ ]`. */
export function parsePatchPath(text: string): ParsedPatchPath {
  const source: SourceText = { name: 'Path', text };
  if (text.length > filterLimits.length) {
    throw errorAt(source, filterLimits.length, `longer than ${filterLimits.length} characters.`, 'invalidPath');
  }
  const bracket = text.indexOf('[');
  if (bracket === -1) return parsePlainPath(text);
  const path = findAttributePath(text.slice(0, bracket));
  // With a URN the dot may belong to it (E44), which the resolver finds out.
  if (path === undefined || (path.urn === undefined && path.subAttribute !== undefined)) throw notAPath(text);
  if (/^\s*[0-9]+\s*\]/.test(text.slice(bracket + 1))) {
    throw errorAt(
      source,
      bracket,
      'values have no index; choose them by a filter such as [type eq "work"].',
      'invalidPath',
    );
  }
  const { filter, end } = parseBracketedFilter(source, bracket + 1);
  const parsed = { kind: 'attribute', text, path, filter } as const;
  const rest = text.slice(end);
  if (rest === '') return parsed;
  if (!rest.startsWith('.') || !isAttributeName(rest.slice(1))) {
    throw errorAt(
      source,
      end,
      `expected the end or one sub-attribute such as .value, found ${quote(rest)}.`,
      'invalidPath',
    );
  }
  return { ...parsed, subAttribute: rest.slice(1) };
}

function parsePlainPath(text: string): ParsedPatchPath {
  const path = findAttributePath(text);
  if (path !== undefined) return { kind: 'attribute', text, path };
  if (isSchemaUri(text)) return { kind: 'schema', text };
  throw notAPath(text);
}

function notAPath(text: string): Error {
  const source: SourceText = { name: 'Path', text };
  const hint = text.startsWith('/') ? ' JSON pointers are not used in SCIM.' : '';
  return errorAt(
    source,
    0,
    `expected a path such as userName, name.givenName or emails[type eq "work"].value, found ${quote(text)}.${hint}`,
    'invalidPath',
  );
}
