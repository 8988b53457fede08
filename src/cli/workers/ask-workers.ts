// How several processes are, as one: what the admin port of the first process says.
import type { Worker } from 'node:cluster';
import type { AdminSource, Readiness } from '../../http/admin.ts';
import type { MetricsMerge } from '../../observe/merge-metrics.ts';
import type { Metrics } from '../../observe/metrics.ts';
import type { FromWorker, ToWorker, WorkerAnswer } from './messages.ts';

/** What a worker is waited for; its directory has less. */
const PATIENCE_MILLISECONDS = 4000;

let lastQuestion = 0;

/** A worker that does not answer in time counts as not ready, and with the metrics that it had. */
export function askWorkers(workers: ReadonlySet<Worker>, own: Metrics, merge: MetricsMerge): AdminSource {
  const askAll = () => Promise.all([...workers].map(async (worker) => ({ worker, answer: await ask(worker) })));
  return {
    async readiness() {
      return together((await askAll()).flatMap(({ answer }) => (answer === undefined ? [] : [answer.readiness])));
    },
    async metrics() {
      for (const { worker, answer } of await askAll()) {
        // Who ended meanwhile has been put away.
        if (answer !== undefined && workers.has(worker)) merge.put(worker.id, answer.metrics);
      }
      merge.put(0, await own.read());
      return await merge.print();
    },
  };
}

function ask(worker: Worker): Promise<WorkerAnswer | undefined> {
  lastQuestion += 1;
  const question: ToWorker = { kind: 'ask', question: lastQuestion };
  return new Promise((resolve) => {
    const settle = (answer: WorkerAnswer | undefined): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      resolve(answer);
    };
    const onExit = (): void => settle(undefined);
    const onMessage = (message: FromWorker): void => {
      if (message.kind === 'answer' && message.question === question.question) settle(message);
    };
    const timer = setTimeout(onExit, PATIENCE_MILLISECONDS);
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.send(question, () => undefined);
  });
}

/** One worker that reaches a directory will do, as each has the same. */
function together(all: readonly Readiness[]): Readiness {
  const ready = all.some((each) => each.ready);
  const names = new Set(all.flatMap(({ tenants }) => Object.keys(tenants ?? {})));
  if (names.size === 0) return { ready };
  return {
    ready,
    tenants: Object.fromEntries([...names].map((name) => [name, all.some(({ tenants }) => tenants?.[name] === true)])),
  };
}
