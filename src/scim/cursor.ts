// Cursors of RFC 9865: where a walk through a query stands, in the client's hands. A cursor names the last resource of a
// page by what the list is ordered by, so that any replica can go on from it, and is signed, so that nobody can make one
// up or carry it over to another query. It grants nothing: each page is authorised anew (R14).
import { createHmac, timingSafeEqual } from 'node:crypto';
import { badRequest, type ScimError } from './error.ts';
import type { SortKey } from './filter/compare.ts';

/** The last resource of the page before, by what the list is ordered by. */
export interface CursorPosition {
  /** Where the query sorts. */
  readonly key: SortKey;
  /** Place of its resource type in a list over several. */
  readonly rank: number;
  readonly id: string;
}

/** What a cursor is bound to. */
export interface CursorScope {
  /** Equal for the same query of the same caller. */
  readonly fingerprint: string;
  readonly count: number;
}

export interface CursorSettings {
  readonly secret: Buffer;
  /** Seconds for which a cursor is taken. */
  readonly timeout: number;
}

const MAC_BYTES = 16;

/** URI-unreserved characters only (R5). `now` in milliseconds since 1970. */
export function printCursor(
  position: CursorPosition,
  scope: CursorScope,
  { secret }: CursorSettings,
  now: number,
): string {
  const payload = JSON.stringify([
    Math.floor(now / 1000),
    scope.count,
    position.rank,
    position.id,
    ...(position.key === undefined ? [] : [position.key]),
  ]);
  const text = Buffer.from(payload, 'utf8').toString('base64url');
  return `${text}.${sign(text, scope, secret).toString('base64url')}`;
}

/** Throws 400 invalidCursor (R8, R11, R14, R15), expiredCursor (R9) or invalidCount (R10). */
export function parseCursor(
  text: string,
  scope: CursorScope,
  { secret, timeout }: CursorSettings,
  now: number,
): CursorPosition {
  const [payload = '', mac = '', ...rest] = text.split('.');
  const given = Buffer.from(mac, 'base64url');
  if (rest.length > 0 || given.length !== MAC_BYTES || !timingSafeEqual(given, sign(payload, scope, secret)))
    throw invalidCursor();
  const { issued, count, position } = readPayload(payload);
  if (issued + timeout < Math.floor(now / 1000)) {
    throw badRequest('expiredCursor', `The cursor is older than ${timeout} seconds. Begin again without one.`);
  }
  if (count !== scope.count) {
    throw badRequest('invalidCount', `count was ${count} when this walk began and must stay so.`);
  }
  return position;
}

/** The count is left out: a change of it has an error of its own. */
function sign(payload: string, scope: CursorScope, secret: Buffer): Buffer {
  return createHmac('sha256', secret)
    .update(scope.fingerprint)
    .update('\0')
    .update(payload)
    .digest()
    .subarray(0, MAC_BYTES);
}

function readPayload(payload: string): { issued: number; count: number; position: CursorPosition } {
  const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const [issued, count, rank, id, key] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof issued !== 'number' || typeof count !== 'number' || typeof rank !== 'number' || typeof id !== 'string') {
    throw invalidCursor();
  }
  if (key !== undefined && typeof key !== 'string' && typeof key !== 'number') throw invalidCursor();
  return { issued, count, position: { key, rank, id } };
}

function invalidCursor(): ScimError {
  return badRequest('invalidCursor', 'The cursor is not one of this query. Begin again without one.');
}
