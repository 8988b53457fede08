import { readFileSync } from 'node:fs';

/** The text of a file with words put in; a place is what `pattern` finds, its group 1 the name of the word. */
export function fillTemplate(file: string, words: Readonly<Record<string, string>>, pattern = /\$\{(\w+)\}/g): string {
  return readFileSync(file, 'utf8').replaceAll(pattern, (_, name: string) => {
    const word = words[name];
    if (word === undefined) throw new Error(`${file}: nothing stands for ${name}`);
    return word;
  });
}
