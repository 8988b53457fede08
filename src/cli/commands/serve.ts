// Runs the gateway that a gateway file describes, until SIGINT or SIGTERM.
import { loadGatewayFile } from '../../config/load-gateway-file.ts';
import { createLog } from '../../observe/log.ts';
import { startServer } from '../../server.ts';
import { printProblem } from '../../util/problem.ts';
import type { Command } from '../command.ts';
import { untilSignal } from '../until-signal.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'run the gateway that a gateway file describes',
  options: [{ name: 'config', value: 'FILE', summary: 'the gateway file (default gateway.yaml)' }],
  async run(call, output) {
    const { config, problems } = loadGatewayFile(call.values.get('config') ?? 'gateway.yaml');
    for (const problem of problems) output.say(printProblem(problem));
    if (config === undefined) return 1;
    const signal = untilSignal();
    const server = await startServer(config, createLog({ level: config.log.level, stream: process.stderr }));
    for (const problem of server.warnings) output.say(printProblem(problem));
    await server.stop(await signal);
    return 0;
  },
};
