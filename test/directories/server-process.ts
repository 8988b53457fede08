// A directory server as a local process of an ordinary user, kept watch over by the run.sh of its recipe. The server lives
// as long as the pipe to that script: it ends with this process, however this process ends.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { untilUp } from './until-up.ts';

export interface ServerRecipe {
  /** What the script works in; it and all in it become the user's. */
  readonly dir: string;
  /** Who runs all of it where this process is root's. */
  readonly user: string;
  /** The text of run.sh: the user may have no way into the folder of a checkout, such as one in /root. */
  readonly script: string;
  readonly args: readonly string[];
  /** Whether the folder stays. */
  readonly keep?: boolean;
}

export interface ServerProcess {
  /** A word on the standard input of the script. */
  say(word: string): Promise<void>;
  /** Waits until `isUp`; throws with the last lines of what was said where it ends before, or takes longer than `limit` ms. */
  untilUp(isUp: () => Promise<boolean>, limit: number): Promise<void>;
  stop(): Promise<void>;
}

/** `log` is what the server itself has said so far. */
export function runServer({ dir, user, script, args, keep }: ServerRecipe, log: () => string): ServerProcess {
  const runLog = join(dir, 'run.log');
  const output = openSync(runLog, 'a');
  // A group of its own: Ctrl-C reaches this process alone, and run.sh learns of its end from standard input.
  const child = spawn('env', [...dropPrivileges(dir, user), 'bash', '-c', script, 'run.sh', dir, ...args], {
    cwd: dir,
    detached: true,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  const { stdin } = child;
  if (stdin === null) throw new Error('bash could not be started');
  // Neither the process nor the pipe to it keeps this process alive.
  child.unref();
  if (stdin instanceof Socket) stdin.unref();
  stdin.on('error', () => undefined);
  const ended = once(child, 'close');

  return {
    async say(word) {
      stdin.write(`${word}\n`);
    },
    untilUp: (isUp, limit) =>
      untilUp({ hasEnded: () => child.exitCode !== null, said: () => `${readIfThere(runLog)}${log()}` }, isUp, limit),
    async stop() {
      child.ref();
      stdin.end();
      if (child.exitCode === null && child.signalCode === null) await ended;
      if (keep !== true) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** As root the whole server runs as `user`, who then owns the folder. */
function dropPrivileges(dir: string, user: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const idOf = (flag: '-u' | '-g'): number => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  chownSync(dir, uid, gid);
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) chownSync(join(dir, name), uid, gid);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
}

export function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
