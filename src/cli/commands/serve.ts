// Runs the gateway that a gateway file describes, until SIGINT or SIGTERM: in this process, or in several that share its
// port.
import cluster from 'node:cluster';
import type { GatewayConfig } from '../../config/gateway-config.ts';
import { loadGatewayFile } from '../../config/load-gateway-file.ts';
import { readVersion } from '../../config/version.ts';
import { type Audit, createAudit } from '../../observe/audit.ts';
import { createLog } from '../../observe/log.ts';
import { type Observe, toBoth } from '../../observe/observation.ts';
import { startServer } from '../../server.ts';
import { printProblem } from '../../util/problem.ts';
import { auditWriter } from '../audit-file.ts';
import type { Command } from '../command.ts';
import { untilSignal } from '../until-signal.ts';
import { runWorker } from '../workers/run-worker.ts';
import { startWorkers } from '../workers/start-workers.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'run the gateway that a gateway file describes',
  options: [{ name: 'config', value: 'FILE', summary: 'the gateway file (default gateway.yaml)' }],
  async run(call, output) {
    const file = call.values.get('config') ?? 'gateway.yaml';
    const loaded = loadGatewayFile(file);
    const { config, problems } = loaded;
    const workers = config?.workers ?? 1;
    const log = createLog({
      level: config?.log.level ?? 'info',
      stream: process.stderr,
      ...(workers === 1 ? {} : { pid: process.pid }),
    });
    const audit = openAudit(config, log);
    const observe = audit === undefined ? log : toBoth(log, audit.observe);
    if (cluster.isWorker) {
      await runWorker(loaded, observe);
      audit?.end();
      return 0;
    }
    for (const problem of problems) output.say(printProblem(problem));
    if (config === undefined) return 1;
    const signal = untilSignal();
    const server =
      workers === 1
        ? await startServer(config, observe)
        : await startWorkers({ config, args: ['serve', '--config', file], observe, version: readVersion() });
    process.on('SIGUSR2', () => void server.liftGuards());
    for (const problem of server.warnings) output.say(printProblem(problem));
    await server.stop(await signal);
    audit?.end();
    return 0;
  },
};

function openAudit(config: GatewayConfig | undefined, log: Observe): Audit | undefined {
  if (config?.audit === undefined) return undefined;
  return createAudit(auditWriter(config.audit.file), (error) => log({ kind: 'auditFailed', error }));
}
