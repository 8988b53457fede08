// Where the audit goes. The file is opened for every line, so that whoever rotates it may rename it at any time.
import { appendFileSync, writeSync } from 'node:fs';

/** Puts a line where it stays before it returns; throws where it cannot. */
export function auditWriter(file: string): (line: string) => void {
  if (file === '-') return (line) => void writeSync(1, line);
  return (line) => appendFileSync(file, line, { mode: 0o600 });
}
