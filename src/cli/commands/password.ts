// Makes the hash of a password for HTTP Basic: of a password that is made up and shown this once, or of one that is typed
// or piped in.
import { text } from 'node:stream/consumers';
import { makeToken } from '../../auth/bearer.ts';
import { hashPassword, printPasswordHash } from '../../auth/password-hash.ts';
import { type Command, UsageError } from '../command.ts';

/** Below this a password could be guessed from its hash. */
const minLength = 12;

export const password: Command = {
  name: 'password',
  summary: 'make a password for HTTP Basic, and its block for the gateway file',
  options: [
    { name: 'name', value: 'NAME', summary: 'name of the credential and of the user (default client)' },
    { name: 'stdin', summary: 'take the password from standard input instead of making one up' },
  ],
  async run(call, output) {
    const name = call.values.get('name') ?? 'client';
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
      throw new UsageError(`--name must be 1 to 64 letters, digits, dots, hyphens or underscores, not "${name}"`);
    }
    const given = call.switches.has('stdin') ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
    if (given !== undefined && given.length < minLength) {
      throw new UsageError(`the password on standard input is shorter than ${minLength} characters`);
    }
    const made = given ?? makeToken();
    if (given === undefined) {
      output.say('The password, for the client. It is shown only now:');
      output.print(made);
    }
    output.say('For the gateway file, below credentials:');
    output.print(`  - name: ${name}`);
    output.print('    basic:');
    output.print(`      user: ${name}`);
    output.print(`      passwordHash: ${printPasswordHash(await hashPassword(made))}`);
    return 0;
  },
};
