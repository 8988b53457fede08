// One of several processes that serve: a gateway like one that runs alone, which tells the first process how its start
// went, and stops when that says so.
import cluster from 'node:cluster';
import type { LoadedGatewayFile } from '../../config/load-gateway-file.ts';
import type { Observe } from '../../observe/observation.ts';
import { startServer } from '../../server.ts';
import { StartError } from '../../tenant/start-error.ts';
import { printProblem } from '../../util/problem.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export async function runWorker({ config, problems }: LoadedGatewayFile, observe: Observe): Promise<void> {
  // Ctrl-C and systemd signal every process of the group, but it is the first one that says when to stop.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const stopped = new Promise<string>((resolve) => {
    process.on('message', ({ kind, reason }: ToWorker) => {
      if (kind === 'stop') resolve(reason);
    });
  });
  try {
    if (config === undefined) throw new StartError(problems.map(printProblem).join('\n'));
    const server = await startServer(config, withoutCourse(observe));
    await tell({ kind: 'ready', url: server.url, warnings: server.warnings });
    await server.stop(await stopped);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    await tell({ kind: 'failed', reason: error.message });
  }
  cluster.worker?.disconnect();
}

/** Start and end of the whole are told once, by the first process. */
function withoutCourse(observe: Observe): Observe {
  return (observation, tenant) => {
    if (!['started', 'stopping', 'stopped'].includes(observation.kind)) observe(observation, tenant);
  };
}

function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
