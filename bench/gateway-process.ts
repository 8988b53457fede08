// The gateway in a process of its own, so that its memory and its event loop are its own too.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../test/directories/loopback.ts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import { connectHttp, type HttpClient } from './http-client.ts';
import type { Question, Usage } from './probe.ts';

export interface Memory {
  readonly residentMegabytes: number;
  /** At most since the last `forgetPeak`. */
  readonly peakMegabytes: number;
}

export interface GatewayProcess {
  /** From the start of the process to the first answer. */
  readonly readyMilliseconds: number;
  /** A client with a connection of its own. */
  connect(): HttpClient;
  usage(): Promise<Usage>;
  /** Whether its event loop is watched, for `Usage.longestBlock`. */
  watchLoop(watched: boolean): Promise<void>;
  memory(): Memory;
  forgetPeak(): void;
  /** Of what the process does while `work` runs. */
  profile(work: () => Promise<unknown>): Promise<Profiler.Profile>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const token = 'a-token-for-measuring-only';

export async function startGateway(directory: OpenLdap, workers = 1): Promise<GatewayProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-bench-'));
  const port = await findFreePort();
  writeConfig(dir, port, directory, workers);
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--import',
      join(root, 'bench/probe.ts'),
      join(root, 'src/cli/main.ts'),
      'serve',
      '--config',
      `${dir}/gateway.yaml`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(dir, { recursive: true, force: true });
  };
  const base = `http://127.0.0.1:${port}/scim/v2`;
  try {
    await untilAnswering(base, child);
  } catch (error) {
    await stop();
    throw error;
  }
  const readyMilliseconds = performance.now() - started;
  const pid = child.pid ?? 0;
  return {
    readyMilliseconds,
    connect: () => connectHttp(base, token),
    usage: () => ask<Usage>(child, 'usage'),
    watchLoop: async (watched) => void (await ask(child, watched ? 'watchLoop' : 'leaveLoop')),
    memory: () => memoryOf(pid),
    // Linux: 5 sets the peak back to what is resident now (proc_pid_clear_refs(5)).
    forgetPeak: () => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
    async profile(work) {
      await ask(child, 'startProfile');
      await work();
      return await ask<Profiler.Profile>(child, 'stopProfile');
    },
    stop,
  };
}

function writeConfig(dir: string, port: number, directory: OpenLdap, workers: number): void {
  writeFileSync(join(dir, 'token'), token, { mode: 0o600 });
  writeFileSync(join(dir, 'password'), directory.password, { mode: 0o600 });
  writeFileSync(
    join(dir, 'gateway.yaml'),
    `listen: { port: ${port} }
workers: ${workers}
directory:
  urls: [${directory.url}]
  bind: { dn: "${directory.bindDn}", passwordFile: password }
  allowPlaintext: true
mapping:
  file: ${join(root, 'mappings/openldap/inet-org-person.yaml')}
  variables: { suffix: "${directory.suffix}" }
credentials:
  - { name: bench, bearer: { tokenFile: token } }
limits: { requestSeconds: 300 }
log: { level: warn }
`,
  );
}

async function untilAnswering(base: string, child: ChildProcess): Promise<void> {
  for (const limit = performance.now() + 20_000; ; await sleep(5)) {
    if (child.exitCode !== null || performance.now() > limit) throw new Error('The gateway did not start');
    const http = connectHttp(base, token);
    try {
      await http.send('GET', '/ServiceProviderConfig');
      return;
    } catch (error) {
      // Nobody listens yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) throw error;
    } finally {
      await http.close();
    }
  }
}

async function ask<Answer>(child: ChildProcess, question: Question): Promise<Answer> {
  const answered = once(child, 'message');
  child.send(question);
  const [answer] = (await answered) as [Answer];
  return answer;
}

function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { residentMegabytes: megabytes('VmRSS'), peakMegabytes: megabytes('VmHWM') };
}
