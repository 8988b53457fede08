// A request as a person writes it down, method, path and body, read by the parsers that serve the same request over HTTP.
import { ScimError } from '../scim/error.ts';
import type { PageLimits } from '../scim/parse-query.ts';
import {
  parseCreate,
  parseDelete,
  parsePatchRequest,
  parseRead,
  parseReplace,
  parseSearch,
  parseSearchAll,
} from '../scim/parse-request.ts';
import type { ClientProfile } from '../scim/profile.ts';
import type { ScimRequest } from '../scim/request.ts';
import type { ResourceType } from '../scim/schema/schema.ts';

export interface WrittenRequest {
  readonly method: string;
  /** `/Users?filter=...`, percent-encoded or not; what stands before the endpoint, as in a whole URL, is passed over. */
  readonly target: string;
  /** As parsed from JSON. */
  readonly body?: unknown;
}

export interface RequestReader {
  readonly types: readonly ResourceType[];
  readonly limits: PageLimits;
  readonly profile: ClientProfile;
}

/** Throws `ScimError` for what a client would be refused, with its status. */
export function readRequest(written: WrittenRequest, { types, limits, profile }: RequestReader): ScimRequest {
  const { type, rest, query } = splitTarget(written.target, types);
  const { body } = written;
  const method = written.method.toUpperCase();
  const parameters = splitQuery(query);
  if (type === undefined) {
    if (method === 'GET') return parseSearchAll({ types, limits, profile, parameters });
    if (method === 'POST' && rest === '.search') return parseSearchAll({ types, limits, profile, parameters, body });
    throw notAllowed(method, written.target);
  }
  const parts = { resourceType: type, profile, parameters };
  if (rest === '') {
    if (method === 'GET') return parseSearch({ ...parts, limits });
    if (method === 'POST') return parseCreate({ ...parts, body });
    throw notAllowed(method, written.target);
  }
  if (rest === '.search') {
    if (method === 'POST') return parseSearch({ ...parts, limits, body });
    throw notAllowed(method, written.target);
  }
  switch (method) {
    case 'GET':
      return parseRead({ ...parts, id: rest });
    case 'PUT':
      return parseReplace({ ...parts, id: rest, body });
    case 'PATCH':
      return parsePatchRequest({ ...parts, id: rest, body });
    case 'DELETE':
      return parseDelete({ ...parts, id: rest });
  }
  throw notAllowed(method, written.target);
}

interface SplitTarget {
  /** Undefined for the base URL itself. */
  readonly type: ResourceType | undefined;
  /** What follows the endpoint, decoded: an id, `.search`, or nothing. */
  readonly rest: string;
  readonly query: string;
}

function splitTarget(target: string, types: readonly ResourceType[]): SplitTarget {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const query = question < 0 ? '' : target.slice(question + 1);
  const found = types
    .map((type) => ({ type, at: `${path}/`.toLowerCase().lastIndexOf(`${type.endpoint.toLowerCase()}/`) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => b.type.endpoint.length - a.type.endpoint.length)[0];
  if (found !== undefined) {
    const rest = path.slice(found.at + found.type.endpoint.length + 1).replace(/\/$/, '');
    return { type: found.type, rest: decode(rest), query };
  }
  if (/^(?:https?:\/\/[^/]+)?(?:\/|\/scim\/v2\/?)?(?:\.search)?$/i.test(path)) {
    return { type: undefined, rest: path.endsWith('.search') ? '.search' : '', query };
  }
  const endpoints = types.map(({ endpoint }) => endpoint).join(', ');
  throw new ScimError(404, undefined, `${path} is no endpoint of this mapping, which has ${endpoints}.`);
}

/** As browsers send it, or as a person writes it: with blanks, which nothing that is encoded has. */
function splitQuery(query: string): readonly (readonly [name: string, value: string])[] {
  if (!query.includes(' ')) return [...new URLSearchParams(query)];
  return query.split(/&(?=[A-Za-z]+=)/).map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at), part.slice(at + 1)];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function notAllowed(method: string, target: string): ScimError {
  return new ScimError(405, undefined, `${method} ${target} is nothing that SCIM knows.`);
}
