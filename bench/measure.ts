// Runs work by a number of clients for a while, each beginning its next when the last has ended, and puts rounds
// together: what is compared is measured in turns, since a machine is not as fast in one minute as in the next.

export interface Round {
  readonly perSecond: number;
  /** Milliseconds, in no order. */
  readonly latencies: readonly number[];
}

export async function measureRound(
  work: (index: number, client: number) => Promise<unknown>,
  clients: number,
  seconds: number,
  first: number,
): Promise<Round> {
  const latencies: number[] = [];
  let count = first;
  const started = performance.now();
  const end = started + seconds * 1000;
  const loop = async (client: number): Promise<void> => {
    while (performance.now() < end) {
      const index = count;
      count += 1;
      const sent = performance.now();
      await work(index, client);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => loop(client)));
  return { perSecond: latencies.length / ((performance.now() - started) / 1000), latencies };
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

/** `share` from 0 to 1; 0 of nothing. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
