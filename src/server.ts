// The composition root: puts the tenants of a configuration behind one socket, and takes everything down again in the
// order in which nothing is lost. Decides nothing itself.
import type { GatewayConfig } from './config/gateway-config.ts';
import { readVersion } from './config/version.ts';
import { createAdmin, type Readiness } from './http/admin.ts';
import { dispatch } from './http/dispatch.ts';
import { type Listener, listen, type RequestHandler } from './http/listen.ts';
import { createRefusal, nobodyHere } from './http/refusal.ts';
import { type Observe, toBoth } from './observe/observation.ts';
import { type KeptTenant, keepTenant } from './tenant/keep-tenant.ts';
import { openTenant } from './tenant/open-tenant.ts';
import { createReadiness } from './tenant/readiness.ts';
import { StartError } from './tenant/start-error.ts';
import type { Problem } from './util/problem.ts';

export interface RunningServer {
  /** Base URL at the socket, where requests arrive whatever `publicUrl` says; with tenants that of the socket itself. */
  readonly url: string;
  readonly tenants: readonly KeptTenant[];
  /** What start found and could live with. */
  readonly warnings: readonly Problem[];
  /** Whether the directories answer; not ready from the moment it is told to stop. */
  readiness(): Promise<Readiness>;
  /** Tells how things stand, as observations. */
  tellState(): void;
  /** Lets clients delete and disable again that came to a limit of the guards. Never rejects. */
  liftGuards(): Promise<void>;
  /** Takes no more requests, lets running ones end for at most `graceSeconds` (default 20), then unbinds. */
  stop(reason: string, graceSeconds?: number): Promise<void>;
}

/**
 * Opens every tenant, listens. A tenant that cannot be opened is tried again later and stops no other; rejects with a
 * `StartError` where none can.
 */
export async function startServer(config: GatewayConfig, observe: Observe): Promise<RunningServer> {
  const { admin } = config;
  if (admin === undefined) return await startGateways(config, observe);
  let server: RunningServer | undefined;
  // Loaded here, so that nobody else pays for it.
  const { createMetrics } = await import('./observe/metrics.ts');
  const metrics = createMetrics(() => server?.tellState());
  const readiness = async (): Promise<Readiness> => (await server?.readiness()) ?? { ready: false };
  const listener = await openListener(admin, createAdmin({ readiness, metrics: () => metrics.print() }));
  try {
    const started = await startGateways(config, toBoth(observe, metrics.observe));
    server = started;
    return {
      ...started,
      async stop(reason, graceSeconds) {
        await started.stop(reason, graceSeconds);
        await listener.stop(0);
      },
    };
  } catch (error) {
    await listener.stop(0);
    throw error;
  }
}

async function startGateways(config: GatewayConfig, observe: Observe): Promise<RunningServer> {
  const { tenants, warnings } = await openTenants(config, observe);
  const readiness = createReadiness(tenants);
  let stopping = false;
  try {
    const nobody = createRefusal(observe, nobodyHere).callback();
    const listener = await openListener(config.listen, dispatch(tenants, { ...config, nobody }));
    const url = printUrl(listener, config);
    observe({ kind: 'started', url, version: readVersion() });
    return {
      url,
      tenants,
      warnings,
      readiness: async () => (stopping ? { ready: false } : await readiness()),
      tellState() {
        for (const tenant of tenants) tenant.tellState();
      },
      async liftGuards() {
        await Promise.allSettled(tenants.map((tenant) => tenant.liftGuards()));
      },
      async stop(reason, graceSeconds = 20) {
        stopping = true;
        observe({ kind: 'stopping', reason });
        await listener.stop(graceSeconds);
        await closeAll(tenants);
        observe({ kind: 'stopped' });
      },
    };
  } catch (error) {
    await closeAll(tenants);
    throw error;
  }
}

async function openTenants({ tenants, trustedProxies, listen: address }: GatewayConfig, observe: Observe) {
  const { clientCertificateHeader } = address;
  const edge = { trustedProxies, ...(clientCertificateHeader === undefined ? {} : { clientCertificateHeader }) };
  const plans = tenants.map((tenant) => {
    const tell: Observe = tenant.name === '' ? observe : (observation) => observe(observation, tenant.name);
    return { tenant, tell, open: () => openTenant(tenant, { ...edge, observe: tell }) };
  });
  const tried = await Promise.all(
    plans.map(async (plan) => {
      const [first] = await Promise.allSettled([plan.open()]);
      return { ...plan, first };
    }),
  );
  const failed = tried.flatMap(({ first }) => (first.status === 'rejected' ? [first.reason as unknown] : []));
  if (failed.length === tried.length) throw failed.length === 1 ? failed[0] : noTenant(failed);
  return {
    warnings: tried.flatMap(({ first }) => (first.status === 'fulfilled' ? first.value.warnings : [])),
    tenants: tried.map(({ tenant, first, open, tell }) => keepTenant(tenant, first, open, tell)),
  };
}

function noTenant(reasons: readonly unknown[]): StartError {
  const texts = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason)));
  const problems = reasons.flatMap((reason) => (reason instanceof StartError ? reason.problems : []));
  return new StartError(['No tenant can be served:', ...texts].join('\n'), { problems });
}

async function closeAll(tenants: readonly KeptTenant[]): Promise<void> {
  await Promise.all(tenants.map((tenant) => tenant.close()));
}

/** Rejects with a `StartError`. */
export async function openListener(
  { host, port, tls }: Pick<GatewayConfig['listen'], 'host' | 'port' | 'tls'>,
  handler: RequestHandler,
): Promise<Listener> {
  try {
    return await listen(handler, {
      host,
      port,
      ...(tls === undefined ? {} : { tls: { ...tls, key: tls.key.reveal() } }),
    });
  } catch (error) {
    throw new StartError(`Cannot listen on ${host}, port ${port}: ${whyNoListener(error)}`, { cause: error });
  }
}

/** Node words it otherwise in a worker than in a process alone. */
function whyNoListener(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return 'another process has the port (EADDRINUSE)';
  if (code === 'EACCES') return 'this user may not have the port (EACCES)';
  if (code === 'EADDRNOTAVAIL') return 'no interface of this machine has the address (EADDRNOTAVAIL)';
  return error instanceof Error ? error.message : String(error);
}

function printUrl({ host, port }: Listener, { listen: { tls }, tenants }: GatewayConfig): string {
  const anywhere = host === '0.0.0.0' || host === '::';
  const name = anywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const [only] = tenants;
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}${only !== undefined && tenants.length === 1 ? only.basePath : ''}`;
}
