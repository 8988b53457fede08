// Makes a bearer token for a client. The token is shown this once; what goes into the gateway file is its hash.
import { hashToken, makeToken, printTokenHash } from '../../auth/bearer.ts';
import { type Call, type Command, numberOption, UsageError } from '../command.ts';

export const token: Command = {
  name: 'token',
  summary: 'make a bearer token for a client, and its block for the gateway file',
  options: [
    { name: 'name', value: 'NAME', summary: 'name of the credential (default client)' },
    { name: 'days', value: 'N', summary: 'days until it expires (default: never)' },
    { name: 'not-before', value: 'DATE', summary: 'day from which it is valid, such as 2027-01-31' },
  ],
  run(call, output) {
    const name = call.values.get('name') ?? 'client';
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
      throw new UsageError(`--name must be 1 to 64 letters, digits, dots, hyphens or underscores, not "${name}"`);
    }
    const notBefore = readDay(call);
    const days = numberOption(call, 'days', { min: 1, max: 36_500 });
    const made = makeToken();
    output.say('The token, for the client. It is shown only now:');
    output.print(made);
    output.say('For the gateway file, below credentials:');
    output.print(`  - name: ${name}`);
    output.print('    bearer:');
    output.print(`      tokenHash: ${printTokenHash(hashToken(made))}`);
    if (notBefore !== undefined) output.print(`      notBefore: ${print(notBefore)}`);
    if (days !== undefined) output.print(`      notAfter: ${print((notBefore ?? Date.now()) + days * 86_400_000)}`);
    return Promise.resolve(0);
  },
};

function readDay(call: Call): number | undefined {
  const text = call.values.get('not-before');
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`--not-before must be a date such as 2027-01-31, not "${text}"`);
  return time;
}

/** In seconds. */
function print(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
