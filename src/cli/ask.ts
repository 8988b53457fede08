// Questions at a terminal.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Undefined where nobody is there to answer. */
export function createAsk(): ((question: string, fallback: string | undefined) => Promise<string>) | undefined {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  return async (question, fallback) => {
    const secret = fallback === undefined;
    stderr.write(`${question}${secret || fallback === '' ? '' : ` [${fallback}]`}: `);
    // What is typed is shown by the interface itself: a secret goes nowhere.
    const shown = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
    const terminal = createInterface({ input: stdin, output: shown, terminal: true });
    try {
      const answer = await terminal.question('');
      return answer.trim() === '' ? (fallback ?? '') : secret ? answer : answer.trim();
    } finally {
      terminal.close();
      if (secret) stderr.write('\n');
    }
  };
}
