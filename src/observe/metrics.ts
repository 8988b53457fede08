// Metrics for Prometheus, made from observations and nothing else. Labels take few values: those of the configuration, of
// the mapping and of the protocols, never one that a client or an entry brings.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Observation, Observe } from './observation.ts';

export interface Metrics {
  readonly observe: Observe;
  /** In the text form of Prometheus. */
  print(): Promise<string>;
  /** For another process, which puts them together with its own. */
  read(): Promise<MetricsReading>;
  readonly registry: Registry;
}

/** What prom-client hands from process to process; nobody here looks into it. */
export type MetricsReading = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

const requestSeconds = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
const operationSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 15];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** `tellState` makes those who know observe how things stand now; it is called before the metrics are read. */
export function createMetrics(tellState: () => void = () => undefined): Metrics {
  const registry = new Registry();
  const made = createAll(registry);
  collectDefaultMetrics({ register: registry });
  return {
    observe: (observation, tenant = '') => record(made, observation, tenant),
    print() {
      tellState();
      return registry.metrics();
    },
    read() {
      tellState();
      return registry.getMetricsAsJSON();
    },
    registry,
  };
}

type Made = ReturnType<typeof createAll>;

function createAll(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter<Label>({ name: `scim_ldap_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge<Label>({ name: `scim_ldap_${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: number[],
  ) => new Histogram<Label>({ name: `scim_ldap_${name}`, help, labelNames, buckets, registers });
  return {
    info: new Gauge({
      name: 'scim_ldap_info',
      help: '1, with the version that runs.',
      labelNames: ['version'],
      registers,
      aggregator: 'first',
    }),
    requests: counter(
      'requests_total',
      'SCIM requests that were answered, by status; 499 where the client went away before.',
      ['tenant', 'method', 'route', 'status'],
    ),
    requestSeconds: histogram(
      'request_duration_seconds',
      'Time from a SCIM request to the end of its answer.',
      ['tenant', 'method', 'route'],
      requestSeconds,
    ),
    changes: counter(
      'changes_total',
      'Creates, replaces, patches and deletes that reached the directory, those in bulk requests one by one.',
      ['tenant', 'operation', 'resource_type', 'status'],
    ),
    operations: counter('directory_operations_total', 'LDAP operations, by result code, "timeout" or "connection".', [
      'tenant',
      'operation',
      'code',
    ]),
    operationSeconds: histogram(
      'directory_operation_duration_seconds',
      'Time of an LDAP operation, with the wait for a connection and for its turn.',
      ['tenant', 'operation'],
      operationSeconds,
    ),
    connectionEvents: counter(
      'directory_connection_events_total',
      'Connections to the directory that were opened, were closed, or failed to open.',
      ['tenant', 'server', 'event'],
    ),
    connections: gauge('directory_connections', 'Connections to the directory that are open.', ['tenant', 'server']),
    inFlight: gauge('directory_operations_in_flight', 'LDAP operations that were sent and are not answered.', [
      'tenant',
      'server',
    ]),
    queued: gauge(
      'directory_operations_queued',
      'LDAP operations that wait to be sent, and paged searches that wait for a connection.',
      ['tenant', 'server'],
    ),
    cacheRequests: counter('cache_requests_total', 'What caches were asked for, by result: hit or miss.', [
      'tenant',
      'cache',
      'result',
    ]),
    cacheBytes: gauge('cache_bytes', 'What caches take, as they count it.', ['tenant', 'cache']),
    tenantOut: gauge(
      'tenant_out_of_service',
      '1 for a tenant that could not be opened, in as many processes as that.',
      ['tenant'],
    ),
    workersEnded: counter('workers_ended_total', 'Workers that ended by themselves and were replaced.', []),
  };
}

function record(made: Made, observation: Observation, tenant: string): void {
  switch (observation.kind) {
    case 'started':
      made.info.set({ version: observation.version }, 1);
      return;
    case 'request': {
      const method = methods.has(observation.method) ? observation.method : 'other';
      const route = observation.route === '' ? 'none' : observation.route;
      made.requests.inc({ tenant, method, route, status: observation.status });
      made.requestSeconds.observe({ tenant, method, route }, observation.milliseconds / 1000);
      return;
    }
    case 'change': {
      const { operation, resourceType, status } = observation;
      made.changes.inc({ tenant, operation, resource_type: resourceType, status });
      return;
    }
    case 'ldapOperation': {
      const { operation, code, milliseconds } = observation;
      made.operations.inc({ tenant, operation, code: codeLabel(code) });
      made.operationSeconds.observe({ tenant, operation }, milliseconds / 1000);
      return;
    }
    case 'ldapConnection':
      made.connectionEvents.inc({ tenant, server: observation.server, event: observation.state });
      return;
    case 'connections': {
      const labels = { tenant, server: observation.server };
      made.connections.set(labels, observation.open);
      made.inFlight.set(labels, observation.inFlight);
      made.queued.set(labels, observation.queued);
      return;
    }
    case 'cache':
      made.cacheRequests.inc({ tenant, cache: observation.cache, result: observation.hit ? 'hit' : 'miss' });
      return;
    case 'cacheSize':
      made.cacheBytes.set({ tenant, cache: observation.cache }, observation.bytes);
      return;
    case 'tenantFailed':
      made.tenantOut.set({ tenant }, 1);
      return;
    case 'tenantOpened':
      made.tenantOut.set({ tenant }, 0);
      return;
    case 'workerEnded':
      made.workersEnded.inc();
      return;
    case 'auditFailed':
    case 'stopping':
    case 'stopped':
    case 'workerStarted':
    case 'requestFailed':
    case 'requestRefused':
    case 'guardTripped':
    case 'guardLifted':
      return;
  }
}

/** A server may answer with any number; those of RFC 4511 and its extensions end at 123. */
function codeLabel(code: number | 'timeout' | 'connection'): string {
  return typeof code !== 'number' || code <= 123 ? String(code) : 'other';
}
