// Keeps a tenant whose directory comes later than the gateway: opening it is tried again, ever more slowly, and requests
// get 503 until then. Once open it stays so; a directory that goes away is the business of its connections.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TenantConfig } from '../config/gateway-config.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Door } from '../http/dispatch.ts';
import { createRefusal, outOfService } from '../http/refusal.ts';
import type { Observe } from '../observe/observation.ts';
import { printProblem } from '../util/problem.ts';
import type { OpenTenant } from './open-tenant.ts';

export interface KeptTenant extends Door {
  /** Empty where the configuration has no tenants. */
  readonly name: string;
  /** Undefined while it is out of service. */
  gateway(): Gateway | undefined;
  /** Tells how things stand, as observations. */
  tellState(): void;
  /** Forgets how many were deleted or disabled so far. */
  liftGuards(): Promise<void>;
  close(): Promise<void>;
}

const firstRetrySeconds = 1;
const lastRetrySeconds = 60;

/** `first` is how the first `open` ended. */
export function keepTenant(
  { name, hosts, basePath }: TenantConfig,
  first: PromiseSettledResult<OpenTenant>,
  open: () => Promise<OpenTenant>,
  observe: Observe,
): KeptTenant {
  let tenant = first.status === 'fulfilled' ? first.value : undefined;
  const refuse = createRefusal(observe, () => outOfService(firstRetrySeconds)).callback();
  const stopping = new AbortController();
  const opened = first.status === 'fulfilled' ? Promise.resolve() : reopen(first.reason);

  async function reopen(reason: unknown): Promise<void> {
    let error = reason;
    for (let seconds = firstRetrySeconds; ; seconds = Math.min(2 * seconds, lastRetrySeconds)) {
      observe({ kind: 'tenantFailed', error, retrySeconds: seconds });
      // Ended by `close`, and by nothing else.
      await sleep(seconds * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        tenant = await open();
        observe({ kind: 'tenantOpened', warnings: tenant.warnings.map(printProblem) });
        return;
      } catch (thrown) {
        error = thrown;
      }
    }
  }

  return {
    name,
    hosts,
    basePath,
    handle: (request, response) => (tenant?.handle ?? refuse)(request, response),
    gateway: () => tenant?.gateway,
    tellState: () => tenant?.tellState(),
    async liftGuards() {
      await tenant?.liftGuards();
    },
    async close() {
      stopping.abort();
      await opened;
      await tenant?.close();
    },
  };
}
