// Runs a target in a worker and watches it: an execution that does not come back is a find, too.
import { Worker } from 'node:worker_threads';
import { readCorpus } from './corpus.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { headBytes, type WorkerInput } from './fuzz-worker.ts';
import type { FuzzReport } from './run-target.ts';

export interface FuzzLimits {
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
  /** So long no input may be on its way; unless given as long as a machine with other work may need for a second. */
  readonly stuckMilliseconds?: number;
}

const roomBytes = 262_144;
const allTargets = new URL('targets.ts', import.meta.url);

/** `module` is where the worker finds the target by its name. */
export async function fuzz(
  target: Pick<FuzzTarget, 'name'>,
  { stuckMilliseconds = 30_000, ...limits }: FuzzLimits,
  { corpus = readCorpus(target.name), module = allTargets.href } = {},
): Promise<FuzzReport> {
  const shared = new SharedArrayBuffer(headBytes + roomBytes);
  const counters = new Int32Array(shared, 0, 2);
  const data: WorkerInput = { target: target.name, module, ...limits, corpus, shared };
  const worker = new Worker(new URL('fuzz-worker.ts', import.meta.url), { workerData: data });
  const lastInput = (): Buffer => Buffer.from(new Uint8Array(shared, headBytes, Atomics.load(counters, 1)));
  let seen = 0;
  let since = Date.now();
  let watching: NodeJS.Timeout | undefined;
  try {
    return await new Promise<FuzzReport>((resolve, reject) => {
      worker.once('message', (report: FuzzReport) => resolve(withBuffers(report)));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the worker of ${target.name} ended with ${code}`)));
      watching = setInterval(
        () => {
          const begun = Atomics.load(counters, 0);
          if (begun !== seen || begun === 0) [seen, since] = [begun, Date.now()];
          if (Date.now() - since < stuckMilliseconds) return;
          const find = { kind: 'hang', message: 'an execution does not end', input: lastInput() } as const;
          const memory = { early: 0, late: 0 };
          const seconds = stuckMilliseconds / 1000;
          const rest = { seconds, discovered: [], slowestMilliseconds: stuckMilliseconds, memory };
          resolve({ target: target.name, executions: begun, ...rest, finds: [find] });
        },
        Math.min(1000, stuckMilliseconds),
      );
    });
  } finally {
    clearInterval(watching);
    await worker.terminate();
  }
}

/** Octets come from a thread as Uint8Array. */
function withBuffers(report: FuzzReport): FuzzReport {
  return {
    ...report,
    discovered: report.discovered.map((input) => Buffer.from(input)),
    finds: report.finds.map((find) => ({ ...find, input: Buffer.from(find.input) })),
  };
}
