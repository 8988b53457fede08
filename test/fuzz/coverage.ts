// Which parts of `src` have run, asked of V8 itself (Profiler domain of the inspector): an input that reaches a new part
// is worth keeping. See docs/adr/0046.
import { type Profiler, Session } from 'node:inspector';

export interface Coverage {
  /** Whether something of `src` ran since the last call that never ran before. */
  hasGrown(): boolean;
  stop(): void;
}

/** Code that is loaded later is covered from its first line; what is loaded already, from its next call. */
export function watchCoverage(): Coverage {
  const session = new Session();
  session.connect();
  const seen = new Set<string>();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  const note = ({ url, functions }: Profiler.ScriptCoverage): boolean => {
    let grown = false;
    for (const { ranges } of functions) {
      // Blocks that never ran are listed with 0: the list gets shorter with each that does.
      const key = url + ranges.map(({ startOffset, count }) => ` ${startOffset}:${count}`).join('');
      if (seen.has(key)) continue;
      seen.add(key);
      grown = true;
    }
    return grown;
  };
  return {
    hasGrown() {
      let grown = false;
      // In a session of its own thread, `post` has called back when it returns.
      session.post('Profiler.takePreciseCoverage', (_error, answer) => {
        for (const script of answer?.result ?? []) if (script.url.includes('/src/')) grown = note(script) || grown;
      });
      return grown;
    },
    stop() {
      session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
