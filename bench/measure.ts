// Runs one scenario with a number of clients for some seconds, each sending its next request when the last is answered.

import type { Scenario } from './scenarios.ts';
import type { BenchGateway } from './start-gateway.ts';

export interface Result {
  readonly requestsPerSecond: number;
  /** Milliseconds, sorted. */
  readonly latencies: readonly number[];
  readonly answerBytes: number;
}

export async function measure(
  scenario: Scenario,
  gateway: BenchGateway,
  clients: number,
  seconds: number,
): Promise<Result> {
  const run = await scenario.prepare(gateway);
  const latencies: number[] = [];
  let answerBytes = 0;
  let count = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const index = count;
      count += 1;
      const sent = performance.now();
      const { status, text } = await run(index);
      latencies.push(performance.now() - sent);
      answerBytes = Math.max(answerBytes, text.length);
      if (status >= 300) throw new Error(`${scenario.name}: ${status} ${text.slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = (performance.now() - started) / 1000;
  return {
    requestsPerSecond: latencies.length / elapsed,
    latencies: latencies.toSorted((a, b) => a - b),
    answerBytes,
  };
}

export function printRow(name: string, clients: number, result: Result, memory: string): string {
  const { latencies } = result;
  const at = (share: number): string =>
    (latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0).toFixed(1);
  const kilobytes = (result.answerBytes / 1024).toFixed(1);
  const cells = [name, clients, result.requestsPerSecond.toFixed(0), at(0.5), at(0.95), at(1), kilobytes, memory];
  return `| ${cells.join(' | ')} |`;
}
