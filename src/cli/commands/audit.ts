// Holds an audit against itself, file by file in the order in which they were written.
import { readFileSync } from 'node:fs';
import { verifyAudit } from '../../observe/verify-audit.ts';
import { type Command, UsageError } from '../command.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'look for gaps and alterations in an audit',
  words: [{ name: 'action', summary: 'what to do', values: ['verify'], default: 'verify' }],
  options: [{ name: 'file', value: 'FILE', summary: 'the file of the audit (default: standard input)' }],
  run(call, output) {
    const file = call.values.get('file');
    const { problems, chains } = verifyAudit(read(file).split('\n'));
    for (const { line, message } of problems) output.print(`${file ?? '-'}:${line} ${message}`);
    for (const { chain, first, last, ended } of chains) {
      const begin = first === 1 ? 'from its beginning' : `from record ${first}, what was before is elsewhere`;
      output.say(`chain ${chain}: ${begin} to record ${last}, ${ended ? 'closed' : 'not closed'}`);
    }
    output.say(
      problems.length === 0 ? 'in order' : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
    );
    return Promise.resolve(problems.length === 0 ? 0 : 1);
  },
};

function read(file: string | undefined): string {
  try {
    return readFileSync(file ?? 0, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file ?? 'standard input'} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
