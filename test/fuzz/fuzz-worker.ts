// Runs one target in a thread of its own, so that whoever started it can watch: the shared memory holds how many inputs
// were begun, and the octets of the last one.
import { parentPort, workerData } from 'node:worker_threads';
import type { FuzzTarget } from './fuzz-target.ts';
import { runTarget } from './run-target.ts';

export interface WorkerInput {
  readonly target: string;
  /** URL of the module that has it in its `fuzzTargets`. */
  readonly module: string;
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  /** Two counters of 32 bits, executions and length, then room for an input. */
  readonly shared: SharedArrayBuffer;
}

export const headBytes = 8;

if (parentPort !== null) {
  const { target: name, module, corpus, shared, ...limits } = workerData as WorkerInput;
  const { fuzzTargets } = (await import(module)) as { readonly fuzzTargets: readonly FuzzTarget[] };
  const target = fuzzTargets.find((each) => each.name === name);
  if (target === undefined) throw new Error(`There is no target ${name}`);
  const counters = new Int32Array(shared, 0, 2);
  const room = new Uint8Array(shared, headBytes);
  const report = await runTarget(target, {
    ...limits,
    corpus: corpus.map((input) => Buffer.from(input)),
    onInput(input) {
      Atomics.store(counters, 1, Math.min(input.length, room.length));
      room.set(input.length > room.length ? input.subarray(0, room.length) : input);
      Atomics.add(counters, 0, 1);
    },
  });
  parentPort.postMessage(report);
}
