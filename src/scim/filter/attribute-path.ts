// Attribute paths (RFC 7644 s3.5.2, `attrPath`): text <-> AttributePath. Syntax alone: which attribute a path means is
// for `findAttribute`, because only a resource type knows where its URNs end.
import type { AttributePath } from './filter.ts';

const namePattern = /^(?:[a-z][a-z0-9_-]*|\$ref)$/i;
// A URI of any scheme (RFC 3986), without the characters that delimit filters.
const uriPattern = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]+$/;

/** An ATTRNAME of RFC 7643 s2.1, or `$ref`. */
export function isAttributeName(text: string): boolean {
  return namePattern.test(text);
}

/** A schema's URI, such as a URN. */
export function isSchemaUri(text: string): boolean {
  return uriPattern.test(text);
}

/**
 * `userName`, `name.givenName`, `urn:...:User:manager.value`; undefined where the text is no attribute path. The URN ends
 * before the last colon. `urn:...:2.0:User.manager` (E44) comes out as URN `urn:...:2.0`, attribute `User` and
 * sub-attribute `manager`: no text is lost, so that the resolver can find the longest known URN.
 */
export function findAttributePath(text: string): AttributePath | undefined {
  const colon = text.lastIndexOf(':');
  const names = text.slice(colon + 1).split('.');
  if (!names.every(isAttributeName)) return undefined;
  if (colon === -1) return makePath(undefined, names);
  const urn = text.slice(0, colon);
  if (!isSchemaUri(urn)) return undefined;
  const [first, ...others] = names;
  return others.length === 2 ? makePath(`${urn}:${first}`, others) : makePath(urn, names);
}

/** The path's text; the opposite of `findAttributePath`. */
export function printAttributePath(path: AttributePath): string {
  const prefix = path.urn === undefined ? '' : `${path.urn}:`;
  const suffix = path.subAttribute === undefined ? '' : `.${path.subAttribute}`;
  return `${prefix}${path.attribute}${suffix}`;
}

function makePath(urn: string | undefined, names: readonly string[]): AttributePath | undefined {
  const [attribute, subAttribute, surplus] = names;
  if (attribute === undefined || surplus !== undefined) return undefined;
  return {
    ...(urn === undefined ? {} : { urn }),
    attribute,
    ...(subAttribute === undefined ? {} : { subAttribute }),
  };
}
