// What a figure depends on besides the code.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Options } from './options.ts';

export interface Conditions {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly machine: string;
  readonly directory: string;
  readonly load: string;
  readonly users: number;
  readonly biggest: number;
  readonly clients: number;
  readonly rounds: number;
  readonly seconds: number;
}

export function conditionsOf({ users, biggest, clients, rounds, seconds }: Options): Conditions {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const git = (...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src', 'mappings') === '' ? '' : ' with changes';
  // slapd says its version on standard error, and fails.
  const version = /OpenLDAP: slapd (\S+)/.exec(spawnSync('slapd', ['-VV'], { encoding: 'utf8' }).stderr)?.[1];
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD') + changed,
    node: process.versions.node,
    machine: `${cpus().length} x ${cpus()[0]?.model}`,
    directory: `OpenLDAP ${version ?? ''}`,
    load: loadavg()[0]?.toFixed(1) ?? '',
    users,
    biggest,
    clients,
    rounds,
    seconds,
  };
}
