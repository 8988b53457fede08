// Loaded into the gateway's process by `--import`, so that the product needs no code for it: tells over the channel to
// the process that started it what only the process itself knows, and takes a CPU profile of it.

import cluster from 'node:cluster';
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export type Question = 'usage' | 'watchLoop' | 'leaveLoop' | 'startProfile' | 'stopProfile';

export interface Usage {
  /** Microseconds of CPU time, user and system, of all threads so far. */
  readonly cpu: number;
  /** Milliseconds for which the event loop was held up at most since it was asked last; 0 where nobody watched it. */
  readonly longestBlock: number;
}

/** Milliseconds between two looks; the histogram's values contain them. A thousand looks a second take CPU time, too. */
const resolution = 1;
const delays = monitorEventLoopDelay({ resolution });
const session = new Session();

// The channel of a worker is the product's own.
if (cluster.isPrimary) {
  process.on('message', (question: Question) => void answer(question).then((found) => process.send?.(found)));
  // Whoever measures is gone: nobody else would end this process.
  process.on('disconnect', () => process.exit());
  // Listening must not keep a gateway alive that has been told to stop.
  process.channel?.unref();
}

async function answer(question: Question): Promise<Usage | Profiler.Profile> {
  switch (question) {
    case 'startProfile':
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
      return usage();
    case 'stopProfile': {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return profile;
    }
    case 'watchLoop':
      delays.enable();
      return usage();
    case 'leaveLoop':
      delays.disable();
      return usage();
    case 'usage':
      return usage();
  }
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const longestBlock = Math.max(0, delays.max / 1e6 - resolution);
  delays.reset();
  return { cpu: user + system, longestBlock };
}
