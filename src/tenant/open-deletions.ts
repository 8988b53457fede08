import type { TenantConfig } from '../config/gateway-config.ts';
import { createProcessCounters } from '../counters/in-process.ts';
import { createValkeyCounters } from '../counters/valkey.ts';
import { counterNames, createDeletionCount } from '../gateway/count-deletions.ts';
import type { CountDeletion } from '../gateway/gateway.ts';
import type { Observe } from '../observe/observation.ts';

export interface Deletions {
  readonly count: CountDeletion;
  lift(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined where nothing is limited. Replicas of a tenant count together where a server is named. */
export async function openDeletions(
  { name, guards: { deletions }, credentials }: TenantConfig,
  observe: Observe,
): Promise<Deletions | undefined> {
  if (deletions === undefined) return undefined;
  const { shared, ...limits } = deletions;
  const counters = shared === undefined ? createProcessCounters() : await createValkeyCounters(shared.reveal());
  const names = counterNames(name);
  return {
    count: createDeletionCount(limits, names, counters, observe),
    lift: () => counters.lift([names.tenant, ...credentials.map((credential) => names.credential(credential.name))]),
    close: () => counters.close(),
  };
}
