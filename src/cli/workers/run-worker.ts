// One of several processes that serve: a gateway like one that runs alone, which tells the first process how its start
// went and how it is, and stops when that says so.
import cluster from 'node:cluster';
import type { GatewayConfig } from '../../config/gateway-config.ts';
import type { LoadedGatewayFile } from '../../config/load-gateway-file.ts';
import { type Observe, toBoth } from '../../observe/observation.ts';
import { type RunningServer, startServer } from '../../server.ts';
import { StartError } from '../../tenant/start-error.ts';
import { printProblem } from '../../util/problem.ts';
import type { FromWorker, ToWorker, WorkerAnswer } from './messages.ts';

export async function runWorker({ config, problems }: LoadedGatewayFile, log: Observe): Promise<void> {
  // Ctrl-C and systemd signal every process of the group, but it is the first one that says when to stop.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGUSR2'] as const) process.on(signal, () => undefined);
  const orders = createOrders();
  try {
    if (config === undefined) throw new StartError(problems.map(printProblem).join('\n'));
    const server = await startInspected(config, withoutCourse(log), orders);
    orders.liftGuards = () => server.liftGuards();
    await tell({ kind: 'ready', url: server.url, warnings: server.warnings });
    await server.stop(await orders.stopped);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    await tell({ kind: 'failed', reason: error.message });
  }
  cluster.worker?.disconnect();
}

/** What the first process says; it may begin before the worker serves. */
interface Orders {
  /** Resolves with the reason. */
  readonly stopped: Promise<string>;
  /** How questions are answered from now on. */
  answer: () => Promise<WorkerAnswer>;
  liftGuards: () => Promise<void>;
}

function createOrders(): Orders {
  const { promise, resolve } = Promise.withResolvers<string>();
  const orders: Orders = {
    stopped: promise,
    answer: async () => ({ readiness: { ready: false }, metrics: [] }),
    liftGuards: () => Promise.resolve(),
  };
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') resolve(message.reason);
    else if (message.kind === 'liftGuards') void orders.liftGuards();
    else void orders.answer().then((answer) => tell({ kind: 'answer', question: message.question, ...answer }));
  });
  return orders;
}

/** The admin port is the first process's, which asks the workers. */
async function startInspected(
  { admin, ...config }: GatewayConfig,
  log: Observe,
  orders: Orders,
): Promise<RunningServer> {
  if (admin === undefined) return await startServer(config, log);
  const { createMetrics } = await import('../../observe/metrics.ts');
  const metrics = createMetrics(() => server.tellState());
  const server = await startServer(config, toBoth(log, metrics.observe));
  orders.answer = async () => ({ readiness: await server.readiness(), metrics: await metrics.read() });
  return server;
}

/** Start and end of the whole are told once, by the first process. */
function withoutCourse(observe: Observe): Observe {
  return (observation, tenant) => {
    if (!['started', 'stopping', 'stopped'].includes(observation.kind)) observe(observation, tenant);
  };
}

function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
