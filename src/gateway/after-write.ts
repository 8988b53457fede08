// What holds once a write has gone out: it is seen to its end, and a failure after it never looks as if nothing had been
// done.
import { ScimError } from '../scim/error.ts';
import type { Run } from './run.ts';

/**
 * For the writes of one request: they go on when the client leaves or the deadline passes, as half of them would be worse
 * than all. Each still has the time limit of its LDAP operation. Throws the signal's reason where nothing is begun yet.
 */
export function toTheEnd(run: Run): Run {
  run.context.signal.throwIfAborted();
  return { ...run, context: { ...run.context, signal: new AbortController().signal } };
}

/** Work that only makes the answer. Not 503: that invites to repeat what is done. */
export async function afterWrite<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ScimError) throw error;
    const detail =
      'The change was made, but the resource could not be read after it. Read it before repeating the request.';
    throw new ScimError(500, undefined, detail, { cause: error });
  }
}

/** The entry has its new name, or is gone, and others still hold the old one. */
export function unrepaired(cause: unknown): ScimError {
  const detail = 'The resource was renamed or deleted, but not all references to it could be brought in step.';
  return new ScimError(500, undefined, detail, { cause });
}
