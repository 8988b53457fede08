// Time spent per stage of a request, for Server-Timing (W3C Server Timing).

export interface StageTimer {
  /** Milliseconds since the request came. */
  elapsed(): number;
  measure<T>(name: string, work: () => Promise<T> | T): Promise<T>;
  /** `auth;dur=0.2, gateway;dur=3.1, total;dur=3.9`: milliseconds. */
  print(): string;
}

export function createStageTimer(now: () => number = () => performance.now()): StageTimer {
  const start = now();
  const stages = new Map<string, number>();
  return {
    elapsed: () => now() - start,
    async measure(name, work) {
      const begin = now();
      try {
        return await work();
      } finally {
        stages.set(name, (stages.get(name) ?? 0) + now() - begin);
      }
    },
    print() {
      let text = '';
      for (const [name, milliseconds] of stages) text += `${name};dur=${milliseconds.toFixed(1)}, `;
      return `${text}total;dur=${(now() - start).toFixed(1)}`;
    },
  };
}
