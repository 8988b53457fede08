// Stops who deletes or disables too many: by mistake of a client, or because it fell into the wrong hands. Counted is
// what goes out to the directory, not what is asked for.
import type { Budget, Counters, Taken } from '../counters/counters.ts';
import { LdapError } from '../ldap/errors.ts';
import type { Observe } from '../observe/observation.ts';
import { ScimError } from '../scim/error.ts';
import type { CountDeletion } from './gateway.ts';
import type { Run } from './run.ts';

export interface DeletionLimits {
  /** Deletes and disables together, within `seconds`. */
  readonly perCredential?: number;
  readonly perTenant?: number;
  readonly seconds: number;
}

/** Under which counters of this gateway are known. */
export interface CounterNames {
  readonly tenant: string;
  credential(client: string): string;
}

export function counterNames(tenant: string): CounterNames {
  const start = `deletions:${tenant}`;
  return { tenant: start, credential: (client) => `${start}:${client}` };
}

/** Undefined where nothing is limited. */
export function createDeletionCount(
  { perCredential, perTenant, seconds }: DeletionLimits,
  names: CounterNames,
  counters: Counters,
  observe: Observe | undefined,
): CountDeletion {
  return async (context, work) => {
    const { requestId, client = '' } = context;
    // A credential that lets many callers in is one.
    const [credential = ''] = client.split('/');
    const budgets: Budget[] = [
      ...(perCredential === undefined ? [] : [{ name: names.credential(credential), most: perCredential, seconds }]),
      ...(perTenant === undefined ? [] : [{ name: names.tenant, most: perTenant, seconds }]),
    ];
    const taken = await take(counters, budgets);
    if (!taken.granted) {
      const { most } = taken.budget;
      const scope = taken.budget.name === names.tenant ? 'tenant' : 'credential';
      observe?.({ kind: 'guardTripped', requestId, client, scope, most, seconds });
      throw tooManyDeletions(scope, taken.budget, taken.retrySeconds);
    }
    try {
      return await work();
    } catch (error) {
      if (isUndone(error)) await taken.giveBack();
      throw error;
    }
  };
}

/** Runs the writes that delete or disable a resource. */
export function countingDeletion<T>(run: Run, work: () => Promise<T>): Promise<T> {
  return run.countDeletion === undefined ? work() : run.countDeletion(run.context, work);
}

/** Nobody knows how many there were: then none more. What it protects is worth more than a leaver's minute. */
async function take(counters: Counters, budgets: readonly Budget[]): Promise<Taken> {
  try {
    return await counters.take(budgets);
  } catch (error) {
    const detail = 'Deletions cannot be counted at the moment, so none is made. Repeat the request.';
    throw new ScimError(503, undefined, detail, { cause: error, headers: { 'Retry-After': '5' } });
  }
}

function tooManyDeletions(scope: 'tenant' | 'credential', { most, seconds }: Budget, retrySeconds: number): ScimError {
  const who = scope === 'tenant' ? 'Through this gateway' : 'By these credentials';
  const detail = `${who} ${most} resources have been deleted or disabled within ${seconds} seconds, and no more are allowed. If that is meant, ask the operator to lift the limit.`;
  return new ScimError(429, undefined, detail, { headers: { 'Retry-After': String(retrySeconds) } });
}

/** Only what has certainly not been done is given back. */
function isUndone(error: unknown): boolean {
  return error instanceof LdapError || (error instanceof ScimError && error.status < 500);
}
