// Runs work by a number of clients for a while or for a number of times, each beginning its next when its last has ended.

export interface Round {
  readonly perSecond: number;
  /** Milliseconds, in no order. */
  readonly latencies: readonly number[];
}

export interface Effort {
  readonly clients: number;
  readonly seconds: number;
  /** How many times instead of how long. */
  readonly requests?: number | undefined;
}

export async function measureRound(
  work: (index: number, client: number) => Promise<unknown>,
  { clients, seconds, requests }: Effort,
  first: number,
): Promise<Round> {
  const latencies: number[] = [];
  let count = 0;
  const started = performance.now();
  const goesOn = (): boolean =>
    requests === undefined ? performance.now() < started + seconds * 1000 : count < requests;
  const loop = async (client: number): Promise<void> => {
    while (goesOn()) {
      const index = first + count;
      count += 1;
      const sent = performance.now();
      await work(index, client);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => loop(client)));
  return { perSecond: latencies.length / ((performance.now() - started) / 1000), latencies };
}
