// The command line.

import { parseArgs } from 'node:util';

export interface Options {
  readonly users: number;
  /** Members of the biggest group. */
  readonly biggest: number;
  /** Who ask at once, where the scenario does not decide that. */
  readonly clients: number;
  readonly rounds: number;
  /** Of a round. */
  readonly seconds: number;
  /** Only what has this in its name. */
  readonly only: string;
  readonly mode: 'compare' | 'growth' | 'profile' | 'workers';
  /** People in the directory, for `growth`. */
  readonly sizes: readonly number[];
  /** Processes of a gateway that is compared with one of one process. */
  readonly workers: number;
  readonly json: boolean;
  /** Into which region of docs/performance.md the tables go. */
  readonly region: string | undefined;
}

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: { type: 'string' },
      biggest: { type: 'string' },
      large: { type: 'boolean', default: false },
      clients: { type: 'string', default: '32' },
      rounds: { type: 'string' },
      seconds: { type: 'string', default: '0.7' },
      only: { type: 'string', default: '' },
      growth: { type: 'boolean', default: false },
      sizes: { type: 'string', default: '1000,10000,100000,1000000' },
      workers: { type: 'string' },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { large } = values;
  const users = numberOf('users', values.users ?? (large ? '100000' : '10000'));
  const mode =
    values.workers !== undefined ? 'workers' : values.growth ? 'growth' : values.profile ? 'profile' : 'compare';
  return {
    users,
    biggest: Math.min(users, numberOf('biggest', values.biggest ?? (large ? '100000' : '5000'))),
    clients: numberOf('clients', values.clients),
    rounds: numberOf('rounds', values.rounds ?? (large ? '3' : '5')),
    seconds: numberOf('seconds', values.seconds),
    only: values.only,
    mode,
    sizes: values.sizes.split(',').map((size) => numberOf('sizes', size)),
    workers: numberOf('workers', values.workers ?? '1'),
    json: values.json,
    region: values.write ? (mode === 'compare' ? (large ? 'large' : 'default') : mode) : undefined,
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes numbers above 0, not "${text}"`);
  return value;
}
