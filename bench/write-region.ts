// Results go into docs/performance.md, each run's into its region:
//
//   <!-- measured: NAME -->
//   ...
//   <!-- end of NAME -->

import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../docs/performance.md', import.meta.url);

export function writeRegion(name: string, text: string): void {
  const document = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- measured: ${name} -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`docs/performance.md has no region ${name}`);
  writeFileSync(file, `${document.slice(0, from + start.length)}\n${text}\n\n${document.slice(to)}`);
}
