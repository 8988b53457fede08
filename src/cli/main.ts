#!/usr/bin/env node
// Entry of the command line: arguments in, exit code out.
import { runCli } from './run-cli.ts';

// Whoever reads the output may go first (`| head`, a log collector that restarts): no reason to stop serving.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  say: (line) => process.stderr.write(`${line}\n`),
});
