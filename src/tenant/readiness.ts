// Whether the directories answer, for whoever asks as often as they like: each is asked once a second at most, one
// question at a time.
import type { Readiness } from '../http/admin.ts';
import type { KeptTenant } from './keep-tenant.ts';

const KEPT_MILLISECONDS = 1000;
/** Within which a directory must answer. */
const PATIENCE_MILLISECONDS = 3000;

export function createReadiness(tenants: readonly KeptTenant[]): () => Promise<Readiness> {
  let asked: Promise<Readiness> | undefined;
  return () => {
    asked ??= ask(tenants).finally(() => {
      setTimeout(() => {
        asked = undefined;
      }, KEPT_MILLISECONDS).unref();
    });
    return asked;
  };
}

async function ask(tenants: readonly KeptTenant[]): Promise<Readiness> {
  const answers = await Promise.all(tenants.map(async (tenant) => [tenant.name, await isReady(tenant)] as const));
  const ready = answers.some(([, answered]) => answered);
  return answers.some(([name]) => name === '') ? { ready } : { ready, tenants: Object.fromEntries(answers) };
}

async function isReady(tenant: KeptTenant): Promise<boolean> {
  const gateway = tenant.gateway();
  if (gateway === undefined) return false;
  return gateway.ping(AbortSignal.timeout(PATIENCE_MILLISECONDS)).then(
    () => true,
    () => false,
  );
}
