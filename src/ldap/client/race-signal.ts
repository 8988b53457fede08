// Waiting that a caller can leave, while what is waited for goes on for the others.
import { LdapConnectionError, LdapTimeoutError } from '../errors.ts';

/** `promise`, or an error as soon as the signal aborts; `late` then gets what nobody waits for any more. */
export async function raceSignal<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  if (signal === undefined) return promise;
  const left = Promise.withResolvers<never>();
  const onAbort = (): void => left.reject(abortError(signal, false));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([left.promise, promise]);
  } catch (error) {
    promise.then(late, () => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What a caller's signal stands for: a time-out of its own is one of ours, anything else is its own reason. */
export function abortError(signal: AbortSignal, mayBeApplied: boolean): Error {
  const reason: unknown = signal.reason;
  if (!(reason instanceof Error)) return new LdapConnectionError('the operation was cancelled', { mayBeApplied });
  if (reason.name !== 'TimeoutError') return reason;
  return new LdapTimeoutError('the operation took longer than its caller waits', { mayBeApplied });
}
