// What a command is: a record that main.ts can list, explain and run. Exit codes: 0 done, 1 something is wrong with
// files or directory, 2 called the wrong way.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../util/did-you-mean.ts';

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /** The words that may follow the command, in their order. */
  readonly words?: readonly CommandWord[];
  /** More to know, below the options in its help. */
  readonly notes?: string;
  /** Resolves to the exit code. */
  run(call: Call, output: Output): Promise<number>;
}

export interface CommandWord {
  readonly name: string;
  readonly summary: string;
  /** What it may be; absent: anything. */
  readonly values?: readonly string[];
  readonly default?: string;
}

export interface CommandOption {
  readonly name: string;
  /** Name of its value, in capitals; absent for a switch. */
  readonly value?: string;
  readonly summary: string;
}

/** What the user said, checked against the command's options. */
export interface Call {
  /** As many as the command knows at most; those with a default are there. */
  readonly words: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
}

export interface Output {
  /** A line on standard output: results. */
  print(line: string): void;
  /** A line on standard error: everything else. */
  say(line: string): void;
  /** At a terminal: an answer, or the default for none; without a default nothing of it is shown. */
  readonly ask?: ((question: string, fallback: string | undefined) => Promise<string>) | undefined;
}

/** The user called a command in a way it does not understand. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const help: CommandOption = { name: 'help', summary: 'show this text' };

/** Throws `UsageError`. */
export function parseCall(command: Command, args: readonly string[]): Call {
  const known = [...command.options, help];
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    known.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const values = new Map<string, string>();
  const switches = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.find(({ name }) => name === token.name && token.rawName === `--${name}`);
    if (option === undefined) throw unknownOption(token.rawName, known);
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`--${option.name} takes no value`);
      switches.add(option.name);
    } else if (token.value === undefined || (token.value.startsWith('--') && !token.inlineValue)) {
      throw new UsageError(`--${option.name} needs a value: --${option.name} ${option.value}`);
    } else {
      values.set(option.name, token.value);
    }
  }
  return { words: chooseWords(command, words), values, switches };
}

function unknownOption(rawName: string, known: readonly CommandOption[]): UsageError {
  const hint = didYouMean(
    rawName,
    known.map(({ name }) => `--${name}`),
  );
  return new UsageError(`there is no option ${rawName}${hint === undefined ? '' : `; ${hint}`}`);
}

function chooseWords({ words = [], name }: Command, given: readonly string[]): readonly string[] {
  const surplus = given[words.length];
  if (surplus !== undefined) throw new UsageError(`${name} does not understand "${surplus}"`);
  return words.flatMap((word, index) => {
    const chosen = given[index] ?? word.default;
    if (chosen === undefined) return [];
    if (word.values === undefined || word.values.includes(chosen)) return [chosen];
    const hint = didYouMean(chosen, word.values) ?? `one of ${word.values.join(', ')}`;
    throw new UsageError(`${name} does not understand "${chosen}"; ${hint}`);
  });
}

/** An option that is one of a few words. Throws `UsageError`. */
export function choiceOption<Choice extends string>(
  call: Call,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const given = call.values.get(name);
  if (given === undefined) return choices[0];
  const found = choices.find((choice) => choice === given);
  if (found !== undefined) return found;
  const hint = didYouMean(given, choices);
  throw new UsageError(
    `--${name} must be ${choices.join(' or ')}, not "${given}"${hint === undefined ? '' : `; ${hint}`}`,
  );
}

/** A whole number among the options. Throws `UsageError`. */
export function numberOption(
  call: Call,
  name: string,
  range: { readonly min: number; readonly max: number },
): number | undefined {
  const text = call.values.get(name);
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  throw new UsageError(`--${name} must be a whole number from ${range.min} to ${range.max}, not "${text}"`);
}

/** Help for one command. */
export function printUsage(command: Command): string {
  const { words = [] } = command;
  const rows = [...command.options, help].map(
    ({ name, value, summary }) => [`--${name}${value === undefined ? '' : ` ${value}`}`, summary] as const,
  );
  const explained = words.map(
    (word) =>
      [
        word.name,
        `${word.summary}${word.values === undefined ? '' : `: ${word.values.join(' or ')}`}${word.default === undefined ? '' : ` (default ${word.default})`}`,
      ] as const,
  );
  return [
    `Usage: scim-ldap ${[command.name, ...words.map(({ name }) => `[${name}]`)].join(' ')} [options]`,
    '',
    command.summary,
    ...(words.length === 0 ? [] : ['', ...printColumns(explained)]),
    '',
    ...printColumns(rows),
    ...(command.notes === undefined ? [] : ['', command.notes]),
  ].join('\n');
}

/** Lines of two columns, the second ones below each other. */
export function printColumns(rows: readonly (readonly [left: string, right: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
