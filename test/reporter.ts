// Mocha reporter: one line for each suite, failures in full, and as the very last line of the run
// `N passed, N failed[, N skipped]` for people and machines.

import Mocha from 'mocha';

const { Base } = Mocha.reporters;

class ClosingLineReporter extends Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const suites = new Map<Mocha.Suite, Tally>();
    const tallyOf = (test: Mocha.Runnable): Tally | undefined => {
      const suite = topSuiteOf(test.parent);
      if (suite === undefined) return undefined;
      const tally = suites.get(suite) ?? { passed: 0, failed: 0, skipped: 0 };
      suites.set(suite, tally);
      return tally;
    };
    const write = (line: string): void => Base.consoleLog(line);

    runner.on('pass', (test) => {
      const tally = tallyOf(test);
      if (tally !== undefined) tally.passed += 1;
    });
    runner.on('pending', (test) => {
      const tally = tallyOf(test);
      if (tally !== undefined) tally.skipped += 1;
    });
    runner.on('fail', (test) => {
      const tally = tallyOf(test);
      if (tally !== undefined) tally.failed += 1;
      write(Base.color('fail', `  FAILED ${test.fullTitle()}`));
    });
    runner.on('suite end', (suite) => {
      const tally = suites.get(suite);
      if (tally === undefined) return;
      const { passed, failed, skipped } = tally;
      const counts = `${String(passed).padStart(5)}${failed > 0 ? `, ${failed} failed` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
      write(`${Base.color(failed > 0 ? 'fail' : 'checkmark', failed > 0 ? 'no' : 'ok')} ${counts}  ${suite.title}`);
    });
    runner.once('end', () => {
      this.epilogue();
      const { passes, failures, pending } = this.stats;
      write(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
    });
  }
}

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

function topSuiteOf(suite: Mocha.Suite | undefined): Mocha.Suite | undefined {
  let top = suite;
  while (top?.parent !== undefined && !top.parent.root) top = top.parent;
  return top === undefined || top.root ? undefined : top;
}

// biome-ignore lint/style/noDefaultExport: Mocha takes a reporter from a module's default export.
export { ClosingLineReporter as default };
