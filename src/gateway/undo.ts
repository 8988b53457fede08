// Requests of several operations: what was done is taken back when a later step fails.
import { LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';

/** Takes one step back. */
export type Undo = () => Promise<unknown>;

/** `work` puts down how each of its steps is taken back; where it fails, all of them are, the last one first. */
export async function undoing<T>(work: (undo: Undo[]) => Promise<T>): Promise<T> {
  const undo: Undo[] = [];
  try {
    return await work(undo);
  } catch (error) {
    await undoAll(undo, error);
    throw error;
  }
}

/** Not under the request's signal: who has begun to undo must end it. */
async function undoAll(undo: readonly Undo[], cause: unknown): Promise<void> {
  for (const step of [...undo].reverse()) {
    try {
      await step();
    } catch (error) {
      // Of an entry that is gone nothing is left to take back.
      if (!isGone(cause) || !isGone(error)) throw new HalfAppliedError(cause, error);
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof LdapError && error.code === resultCode.noSuchObject;
}

/** A later step failed and an earlier one could not be undone: the entry is half changed, and somebody has to know. */
export class HalfAppliedError extends Error {
  override readonly name = 'HalfAppliedError';
  readonly undoError: unknown;

  constructor(cause: unknown, undoError: unknown) {
    super('A change failed half-way and could not be undone', { cause });
    this.undoError = undoError;
  }
}
