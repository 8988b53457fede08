import type { Budget, Counters } from './counters.ts';

/** Counters of this process alone, forgotten with it. */
export function createProcessCounters(now: () => number = Date.now): Counters {
  /** Times in milliseconds, the oldest first. */
  const counted = new Map<string, number[]>();

  const within = ({ name, seconds }: Budget): number[] => {
    const since = now() - seconds * 1000;
    const kept = (counted.get(name) ?? []).filter((time) => time > since);
    counted.set(name, kept);
    return kept;
  };

  return {
    take(budgets) {
      for (const budget of budgets) {
        const times = within(budget);
        const [oldest] = times;
        if (oldest === undefined || times.length < budget.most) continue;
        const retrySeconds = Math.max(1, Math.ceil((oldest + budget.seconds * 1000 - now()) / 1000));
        return Promise.resolve({ granted: false, budget, retrySeconds });
      }
      const time = now();
      for (const { name } of budgets) counted.get(name)?.push(time);
      return Promise.resolve({
        granted: true,
        giveBack() {
          for (const { name } of budgets) {
            const times = counted.get(name);
            const place = times?.indexOf(time) ?? -1;
            if (place >= 0) times?.splice(place, 1);
          }
          return Promise.resolve();
        },
      });
    },
    lift(names) {
      for (const name of names) counted.delete(name);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
