#!/usr/bin/env node
// Entry of the command line: arguments in, exit code out.
import { setFlagsFromString } from 'node:v8';
import { createAsk } from './ask.ts';
import { runCli } from './run-cli.ts';

// Node 24.21 (V8 13.6) notices that requests which wait for the directory outlive a collection, and then allocates such
// objects among the old ones, where those of ended requests keep one another until the next full collection: a fifth of all
// allocations, a quarter of the CPU time of a GET (docs/performance.md). Before anything is compiled for speed.
setFlagsFromString('--no-allocation-site-pretenuring');

// Whoever reads the output may go first (`| head`, a log collector that restarts): no reason to stop serving.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  say: (line) => process.stderr.write(`${line}\n`),
  ask: createAsk(),
});
