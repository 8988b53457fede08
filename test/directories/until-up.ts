import { setTimeout as sleep } from 'node:timers/promises';

export interface WatchedServer {
  hasEnded(): boolean;
  /** What it has said so far. */
  said(): string;
}

/** Waits until `isUp`; throws with the last lines of what was said where it ends before, or takes longer than `limit` ms. */
export async function untilUp(server: WatchedServer, isUp: () => Promise<boolean>, limit: number): Promise<void> {
  const end = Date.now() + limit;
  while (!(await isUp())) {
    const ended = server.hasEnded();
    if (ended || Date.now() > end) {
      const reason = ended ? 'ended while it started' : 'did not answer in time';
      throw new Error(`the server ${reason}\n${server.said().split('\n').slice(-15).join('\n')}`);
    }
    await sleep(20);
  }
}
