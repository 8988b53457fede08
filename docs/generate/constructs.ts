// What a mapping file can say, each with the LDAP that it becomes: the entry that a create writes, the modifications of a
// patch, the filter of a search. All of it is done by a gateway, nothing is written down here but the question.
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { type Construct, constructs, example } from './construct-list.ts';
import { inlineCode } from './regions.ts';
import { startTrial, type Trial } from './trial.ts';

const schemaLdif = ['../../mappings/openldap/scim-person.ldif', 'active-directory.ldif'].map((file) =>
  readFileSync(new URL(file, import.meta.url), 'utf8'),
);

/** What the sections are about, as links. */
export function printContents(): string {
  return constructs.map(({ title }) => `- [${title}](#${anchorOf(title)})`).join('\n');
}

/** The anchor that a heading gets where Markdown is shown. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

/** A section for each construct. */
export async function printConstructs(): Promise<string> {
  const plain = await withTrial(example.mapping, async (trial) => newLines(trial, {}, new Set()));
  const known = new Set(plain.lines);
  const sections: string[] = [];
  for (const construct of constructs) sections.push(await printConstruct(construct, known));
  return sections.join('\n\n');
}

async function printConstruct(construct: Construct, known: ReadonlySet<string>): Promise<string> {
  const { title, text, at, yaml } = construct;
  const mapping = merge(parse(example.mapping) as JsonValue, nest(at, parse(yaml) as JsonValue));
  const examples = await withTrial(stringify(mapping), (trial) => runExamples(trial, construct, known));
  const place = at.length === 0 ? '' : `# ${at.join('.')}\n`;
  return [`### ${title}`, text, fence('yaml', `${place}${yaml.trim()}`), ...examples].join('\n\n');
}

async function runExamples(trial: Trial, construct: Construct, known: ReadonlySet<string>): Promise<string[]> {
  const parts: string[] = [];
  if (construct.create !== undefined) {
    const endpoint = construct.endpoint ?? '/Users';
    const { lines, status, detail } = await newLines(trial, construct.create, known, endpoint);
    const what = `Created with ${inlineCode(JSON.stringify(construct.create))}, the new entry gets`;
    parts.push(
      status === 201 ? `${what}\n\n${fence('ldif', lines.join('\n'))}` : refused(construct.create, status, detail),
    );
  }
  if (construct.change !== undefined) {
    const { path, operations } = construct.change;
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
    const outcome = await trial.send(`PATCH ${path}`, body);
    const writes = outcome.operations.filter((text) => !/^(search|compare) /.test(text)).map(withoutControls);
    const asked = operations.map((operation) => inlineCode(JSON.stringify(operation))).join(' and ');
    parts.push(
      outcome.status < 300
        ? `A patch with ${asked} becomes\n\n${fence('ldif', writes.join('\n\n'))}`
        : refused(operations[0] ?? {}, outcome.status, outcome.body?.['detail']),
    );
  }
  if (construct.remove !== undefined) {
    const line = `DELETE ${construct.remove}`;
    const { operations } = await trial.send(line);
    const writes = operations.filter((text) => !/^(search|compare) /.test(text)).map(withoutControls);
    parts.push(`${inlineCode(line)} becomes\n\n${fence('ldif', writes.join('\n\n'))}`);
  }
  const rows: string[] = [];
  for (const filter of construct.filters ?? []) {
    const endpoint = construct.endpoint ?? '/Users';
    const { operations } = await trial.send(`GET ${endpoint}?attributes=id&filter=${filter}`);
    rows.push(`- ${inlineCode(filter)} becomes ${describeSearches(operations)}`);
  }
  if (rows.length > 0) parts.push(rows.join('\n'));
  return parts;
}

/** The last search, and those like it in other bases, are for the resources; what goes before looks up references. */
function describeSearches(operations: readonly string[]): string {
  const searches = operations.map((text) => text.split('\n').map((line) => line.trim()));
  const [first = '', filter, attributes = ''] = searches.findLast(([, , , limit]) => limit?.includes('at most')) ?? [];
  if (filter === undefined) return 'no search: nothing can match';
  const bases = searches.filter((search) => search[1] === filter).map(([line = '']) => line.split(' ')[2]);
  const places =
    bases.length > 1 ? `, one level below ${bases.map((base) => inlineCode(base ?? first)).join(' and ')}` : '';
  // `attributes=id` needs no more than these, so whatever else is read is for the second look.
  const readsMore = attributes.split(' ').some((name) => !['entryUUID', 'entryCSN'].includes(name));
  const looksAgain = readsMore || searches.findLast((search) => search[1] !== filter) === searches.at(-1);
  return `${inlineCode(filter)}${places}${looksAgain ? ', and a second look at what comes' : ''}`;
}

function refused(what: JsonObject, status: number, detail: JsonValue | undefined): string {
  return `${inlineCode(JSON.stringify(what))} is refused: ${status}, ${inlineCode(typeof detail === 'string' ? detail : '')}`;
}

interface Created {
  readonly lines: readonly string[];
  readonly status: number;
  readonly detail: JsonValue | undefined;
}

/** What a create writes beyond what any create writes. */
async function newLines(
  trial: Trial,
  attributes: JsonObject,
  known: ReadonlySet<string>,
  endpoint = '/Users',
): Promise<Created> {
  const base = endpoint === '/Users' ? example.user : example.group;
  const { operations, status, body } = await trial.send(`POST ${endpoint}`, merge(base, attributes) as JsonObject);
  const writes = operations.filter((text) => !/^(search|compare) /.test(text)).map(withoutControls);
  const lines = writes.flatMap((text) =>
    text.includes('changetype: add') ? text.split('\n') : ['', ...text.split('\n')],
  );
  return { lines: lines.filter((line) => !known.has(line)), status, detail: body?.['detail'] };
}

function withoutControls(text: string): string {
  return text.replaceAll(/^# .*\n/gm, '');
}

async function withTrial<T>(mapping: string, work: (trial: Trial) => Promise<T>): Promise<T> {
  const trial = await startTrial({ mapping, ldif: example.ldif, schemaLdif });
  try {
    return await work(trial);
  } finally {
    await trial.stop();
  }
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
}

function nest(path: readonly string[], value: JsonValue): JsonValue {
  return path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
}

function merge(base: JsonValue | undefined, over: JsonValue): JsonValue {
  if (!isJsonObject(base) || !isJsonObject(over)) return over;
  const merged: Record<string, JsonValue | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) if (value !== undefined) merged[key] = merge(merged[key], value);
  return merged;
}
