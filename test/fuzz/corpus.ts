// The inputs that every run begins with, one file each: samples of what is meant, and whatever a run ever found.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'corpus');

export function readCorpus(target: string): readonly Buffer[] {
  const own = join(folder, target);
  return readdirSync(own)
    .toSorted()
    .map((name) => readFileSync(join(own, name)));
}

/** Named by its content, so that the same input is kept once. Returns its path. */
export function keepInput(target: string, kind: string, input: Buffer): string {
  const own = join(folder, target);
  if (!existsSync(own)) mkdirSync(own, { recursive: true });
  const name = join(own, `${kind}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`);
  writeFileSync(name, input);
  return name;
}
