// Chooses the command and runs it. Errors that a person can act on are told in one line, without a stack.
import { readVersion } from '../config/version.ts';
import { StartError } from '../tenant/start-error.ts';
import { didYouMean } from '../util/did-you-mean.ts';
import { type Command, type Output, parseCall, printColumns, printUsage, UsageError } from './command.ts';
import { audit } from './commands/audit.ts';
import { check } from './commands/check.ts';
import { demo } from './commands/demo.ts';
import { explain } from './commands/explain.ts';
import { init } from './commands/init.ts';
import { password } from './commands/password.ts';
import { serve } from './commands/serve.ts';
import { token } from './commands/token.ts';

/** One line per command. */
const commands: readonly Command[] = [serve, init, check, explain, token, password, audit, demo];

/** Resolves to the exit code. */
export async function runCli(args: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    output.print(readVersion());
    return 0;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    output.print(usage());
    return 0;
  }
  try {
    const command = commands.find((candidate) => candidate.name === name);
    if (command === undefined) throw unknownCommand(name);
    const call = parseCall(command, rest);
    if (call.switches.has('help')) {
      output.print(printUsage(command));
      return 0;
    }
    return await command.run(call, output);
  } catch (error) {
    if (error instanceof UsageError) {
      output.say(`scim-ldap: ${error.message}`);
      output.say(`Try: scim-ldap ${commands.some((command) => command.name === name) ? `${name} ` : ''}--help`);
      return 2;
    }
    if (error instanceof StartError) {
      output.say(`scim-ldap: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

function unknownCommand(name: string): UsageError {
  if (name.startsWith('-')) return new UsageError(`there is no option ${name}`);
  const hint = didYouMean(
    name,
    commands.map((command) => command.name),
  );
  return new UsageError(`there is no command "${name}"${hint === undefined ? '' : `; ${hint}`}`);
}

function usage(): string {
  return [
    'Usage: scim-ldap COMMAND [options]',
    '',
    'A SCIM 2.0 service provider in front of an LDAP directory.',
    '',
    ...printColumns(commands.map(({ name, summary }) => [name, summary] as const)),
    '',
    ...printColumns([
      ['COMMAND --help', 'show what a command takes'],
      ['--version', 'show the version'],
    ]),
  ].join('\n');
}
