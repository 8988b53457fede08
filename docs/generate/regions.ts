// A document is written by hand but for its regions, which a program fills in:
//
//   <!-- generated: NAME -->
//   ...
//   <!-- end of NAME -->

/** Makes the text of a region. */
export type Region = () => string | Promise<string>;

const form = /(<!-- generated: ([\w-]+) -->\n).*?(<!-- end of \2 -->)/gs;

/** The document with its regions made anew. Throws where it names a region that nothing makes. */
export async function fillRegions(document: string, regions: ReadonlyMap<string, Region>): Promise<string> {
  const texts = new Map<string, string>();
  for (const [, , name = ''] of document.matchAll(form)) {
    const region = regions.get(name);
    if (region === undefined) throw new Error(`Nothing makes the region ${name}`);
    texts.set(name, (await region()).trim());
  }
  return document.replaceAll(
    form,
    (_found, start: string, name: string, end: string) => `${start}\n${texts.get(name) ?? ''}\n\n${end}`,
  );
}

/** Names of the regions that a document has. */
export function regionsOf(document: string): string[] {
  return [...document.matchAll(form)].map(([, , name = '']) => name);
}

/** A Markdown table; cells may hold anything but line breaks. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text as code within a line of Markdown. */
export function inlineCode(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
