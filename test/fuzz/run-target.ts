// One target, so many times: replays its corpus, explores with the coverage of V8 as a guide, then runs fast from what was
// found. Tells of crashes, of single executions that take too long, and of memory that is not given back.
import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { watchCoverage } from './coverage.ts';
import type { FuzzRun, FuzzTarget } from './fuzz-target.ts';
import { createMutate } from './mutate.ts';
import { createRandom } from './random.ts';

export interface FuzzOptions {
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
  /** Inputs to begin with. */
  readonly corpus: readonly Buffer[];
  /** Called with each input before it is run. */
  readonly onInput?: (input: Buffer) => void;
}

export interface Find {
  readonly kind: 'crash' | 'hang' | 'memory';
  readonly message: string;
  readonly input: Buffer;
}

export interface FuzzReport {
  readonly target: string;
  readonly executions: number;
  readonly seconds: number;
  /** Inputs that reached something new, besides those at the start. */
  readonly discovered: readonly Buffer[];
  /** Of processor time, where the clock says more than a tenth of a second. */
  readonly slowestMilliseconds: number;
  /** MiB in use after a collection, after the exploration and at the end. */
  readonly memory: { readonly early: number; readonly late: number };
  readonly finds: readonly Find[];
}

const hangMilliseconds = 1000;
/** Up to here the clock is believed. */
const clockMilliseconds = 100;
/** More than ten times what V8's caches for regular expressions and shapes were seen to take. */
const memoryMebibytes = 24;
/** Asking for the coverage takes longer than most executions, so only the first ones are followed by it. */
const exploration = { share: 0.2, executions: 40_000 };
const mostFinds = 10;
const mostInputs = 3000;

export async function runTarget(target: FuzzTarget, options: FuzzOptions): Promise<FuzzReport> {
  const coverage = watchCoverage();
  const run = await target.prepare();
  const corpus = [...options.corpus];
  const discovered: Buffer[] = [];
  const finds = new Map<string, Find>();
  const mutate = createMutate(target, createRandom(options.seed));
  const start = performance.now();
  let slowest = 0;
  let executions = 0;

  const execute = async (input: Buffer): Promise<void> => {
    options.onInput?.(input);
    executions += 1;
    const outcome = await measure(run, input);
    const milliseconds = Math.min(outcome.milliseconds, await processorTime(run, outcome.milliseconds, input));
    slowest = Math.max(slowest, milliseconds);
    const find = toFind(outcome, milliseconds, input);
    if (find !== undefined && finds.size < mostFinds && !finds.has(find.message)) finds.set(find.message, find);
  };
  const share = (part: number): boolean => {
    const seconds = (performance.now() - start) / 1000;
    return executions < options.executions * part && seconds < options.seconds * part && finds.size < mostFinds;
  };

  for (const input of options.corpus) await execute(input);
  coverage.hasGrown();
  while (share(exploration.share) && executions < exploration.executions) {
    const input = mutate(corpus);
    await execute(input);
    if (!coverage.hasGrown() || corpus.length >= mostInputs) continue;
    corpus.push(input);
    discovered.push(input);
  }
  coverage.stop();
  const early = usedMebibytes();
  while (share(1)) await execute(mutate(corpus));
  const late = usedMebibytes();
  if (late - early > memoryMebibytes) {
    const message = `${early.toFixed(1)} MiB became ${late.toFixed(1)} MiB`;
    finds.set(message, { kind: 'memory', message, input: Buffer.alloc(0) });
  }
  return {
    target: target.name,
    executions,
    seconds: (performance.now() - start) / 1000,
    discovered,
    slowestMilliseconds: slowest,
    memory: { early, late },
    finds: [...finds.values()],
  };
}

interface Outcome {
  readonly milliseconds: number;
  readonly thrown?: unknown;
}

async function measure(run: FuzzRun, input: Buffer): Promise<Outcome> {
  const start = performance.now();
  try {
    const pending = run(input);
    if (pending !== undefined) await pending;
    return { milliseconds: performance.now() - start };
  } catch (thrown) {
    return { milliseconds: performance.now() - start, thrown };
  }
}

function toFind({ thrown }: Outcome, milliseconds: number, input: Buffer): Find | undefined {
  if (thrown !== undefined) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { kind: 'crash', message: text.split('\n').slice(0, 4).join('\n'), input };
  }
  if (milliseconds < hangMilliseconds) return undefined;
  return { kind: 'hang', message: 'one execution took more than a second of processor time', input };
}

/** On a busy machine the clock goes on while the process waits: what took long is run again, by the processor's time. */
async function processorTime(run: FuzzRun, milliseconds: number, input: Buffer): Promise<number> {
  if (milliseconds < clockMilliseconds) return milliseconds;
  const before = process.threadCpuUsage();
  await measure(run, input);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function usedMebibytes(): number {
  for (let turn = 0; turn < 3; turn += 1) collect();
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return (heap + external) / 1024 / 1024;
}
