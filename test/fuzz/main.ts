// `npm run fuzz`: many executions over all targets, or one of them. Prints a line of figures for each; what it finds goes
// to the corpus, and the command ends with 1.
import { parseArgs } from 'node:util';
import { keepInput } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { fuzzTargets } from './targets.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    executions: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '86400' },
    seed: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const targets = fuzzTargets.filter(({ name }) => values.target === undefined || values.target.includes(name));
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
if (targets.length === 0 || ![values.executions, values.seconds, seed].every((each) => Number(each) > 0)) {
  const names = fuzzTargets.map(({ name }) => name).join(', ');
  process.stderr.write(
    `npm run fuzz -- [--target NAME]... [--executions N] [--seconds N] [--seed N] [--keep]\ntargets: ${names}\n`,
  );
  process.exit(2);
}

const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
let finds = 0;
let total = 0;
process.stdout.write(
  `seed ${seed}\ntarget        executions  seconds  per second  slowest ms  memory MiB     new inputs\n`,
);
for (const target of targets) {
  const share = target.weight / weights;
  const report = await fuzz(target, {
    executions: Math.ceil(Number(values.executions) * share),
    seconds: Number(values.seconds) * share,
    seed,
  });
  total += report.executions;
  const { executions, seconds, slowestMilliseconds, memory, discovered } = report;
  const row = [
    report.target.padEnd(12),
    String(executions).padStart(11),
    seconds.toFixed(0).padStart(8),
    (executions / seconds).toFixed(0).padStart(11),
    slowestMilliseconds.toFixed(1).padStart(11),
    `${memory.early.toFixed(1)} -> ${memory.late.toFixed(1)}`.padStart(15),
    String(discovered.length).padStart(11),
  ];
  process.stdout.write(`${row.join(' ')}\n`);
  for (const { kind, message, input } of report.finds) {
    finds += 1;
    const file = kind === 'memory' ? '' : ` in ${keepInput(report.target, kind, input)}`;
    process.stdout.write(`  ${kind}${file}: ${message}\n`);
  }
  if (values.keep) for (const input of discovered) keepInput(report.target, 'new', input);
}
process.stdout.write(`${total} executions, ${finds} finds\n`);
process.exitCode = finds === 0 ? 0 : 1;
