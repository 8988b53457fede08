// The first process of several: starts the workers, which share one port, replaces those that die, and stops them all.
// It hands connections over in turn and serves no request itself.
import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayConfig } from '../../config/gateway-config.ts';
import { createAdmin } from '../../http/admin.ts';
import { type Observe, toBoth } from '../../observe/observation.ts';
import { openListener, type RunningServer } from '../../server.ts';
import { StartError } from '../../tenant/start-error.ts';
import type { Problem } from '../../util/problem.ts';
import { askWorkers } from './ask-workers.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export interface WorkersOptions {
  readonly config: GatewayConfig;
  /** What each is started with: words behind the name of the program. */
  readonly args: readonly string[];
  readonly observe: Observe;
  readonly version: string;
}

type RunningWorkers = Pick<RunningServer, 'url' | 'warnings' | 'liftGuards' | 'stop'>;

/** A process that has been started, and how it fares. */
interface Launched {
  readonly worker: Worker;
  /** Rejects with a `StartError` where it ends before it serves. */
  readonly ready: Promise<{ readonly url: string; readonly warnings: readonly Problem[] }>;
  /** Resolves with why it ended. */
  readonly ended: Promise<string>;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 30_000;
/** Who served for so long has not failed at the start. */
const STEADY = 60_000;
/** Over what the worker itself allows: then it hangs. */
const SECONDS_TO_END = 15;

/** Resolves when all serve; rejects with the `StartError` of the first that cannot, when all have ended. */
export async function startWorkers(options: WorkersOptions): Promise<RunningWorkers> {
  const { config, observe, args } = options;
  cluster.setupPrimary({ args: [...args] });
  const running = new Set<Worker>();
  if (config.admin === undefined) return await startAll(options, running);
  // Loaded here, so that nobody else pays for it.
  const [{ createMetrics }, { createMetricsMerge }] = await Promise.all([
    import('../../observe/metrics.ts'),
    import('../../observe/merge-metrics.ts'),
  ]);
  const [metrics, merge] = [createMetrics(), createMetricsMerge()];
  cluster.on('exit', ({ id }) => void merge.retire(id));
  const listener = await openListener(config.admin, createAdmin(askWorkers(running, metrics, merge)));
  try {
    const workers = await startAll({ ...options, observe: toBoth(observe, metrics.observe) }, running);
    return {
      ...workers,
      async stop(reason, graceSeconds) {
        await workers.stop(reason, graceSeconds);
        await listener.stop(0);
      },
    };
  } catch (error) {
    await listener.stop(0);
    throw error;
  }
}

async function startAll({ config, observe, version }: WorkersOptions, running: Set<Worker>): Promise<RunningWorkers> {
  // The first process may be told to go at once; a worker that hangs would not notice.
  process.once('exit', () => kill(running));
  const launched = Array.from({ length: config.workers }, () => launch(running));
  const ready = await Promise.all(launched.map((each) => each.ready)).catch(async (error: unknown) => {
    kill(running);
    await Promise.all(launched.map(({ ended }) => ended));
    throw error;
  });
  const stopping = new AbortController();
  const lives = launched.map((first) => keepAlive(first, () => launch(running), observe, stopping.signal));
  const { url, warnings } = ready[0] ?? { url: '', warnings: [] };
  observe({ kind: 'started', url, version });
  return {
    url,
    warnings,
    liftGuards() {
      const message: ToWorker = { kind: 'liftGuards' };
      for (const worker of running) worker.send(message, () => undefined);
      return Promise.resolve();
    },
    async stop(reason, graceSeconds = 20) {
      observe({ kind: 'stopping', reason });
      stopping.abort();
      const message: ToWorker = { kind: 'stop', reason };
      for (const worker of running) worker.send(message, () => undefined);
      const timer = setTimeout(() => kill(running), (graceSeconds + SECONDS_TO_END) * 1000);
      await Promise.all(lives);
      clearTimeout(timer);
      observe({ kind: 'stopped' });
    },
  };
}

function launch(running: Set<Worker>): Launched {
  const worker = cluster.fork();
  running.add(worker);
  let failure: string | undefined;
  const ended = new Promise<string>((resolve) => {
    worker.on('exit', (code, signal) => {
      running.delete(worker);
      resolve(failure ?? (signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`));
    });
  });
  const ready = new Promise<{ readonly url: string; readonly warnings: readonly Problem[] }>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') resolve(message);
      if (message.kind === 'failed') failure = message.reason;
    });
    void ended.then((reason) => reject(new StartError(failure ?? `A worker did not start: ${reason}`)));
  });
  return { worker, ready, ended };
}

/** One place among the workers, until all are to stop: who dies is replaced, the later the more often that happened. */
async function keepAlive(
  first: Launched,
  launchNext: () => Launched,
  observe: Observe,
  stopping: AbortSignal,
): Promise<void> {
  let current = first;
  let since = Date.now();
  for (let deaths = 1; ; deaths += 1) {
    const reason = await current.ended;
    if (stopping.aborted) return;
    if (Date.now() - since > STEADY) deaths = 1;
    const retryMilliseconds = Math.min(FIRST_WAIT * 2 ** (deaths - 1), LONGEST_WAIT);
    observe({ kind: 'workerEnded', worker: current.worker.process.pid ?? 0, reason, retryMilliseconds });
    await delay(retryMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return;
    current = launchNext();
    since = Date.now();
    const worker = current.worker.process.pid ?? 0;
    await current.ready.then(
      () => observe({ kind: 'workerStarted', worker }),
      () => undefined,
    );
  }
}

function kill(workers: Iterable<Worker>): void {
  for (const { process } of workers) process.kill('SIGKILL');
}
