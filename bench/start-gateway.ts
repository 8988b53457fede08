// The gateway in a process of its own, so that its memory and its event loop are its own too.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../test/directories/loopback.ts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import { connectHttp, type HttpClient } from './http-client.ts';

export interface BenchGateway {
  /** A client with a connection of its own. */
  connect(): HttpClient;
  /** Microseconds of CPU time, user and system, that its process has taken so far. */
  cpu(): number;
  /** Resident memory at most so far. */
  peakMegabytes(): number;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const token = 'a-token-for-measuring-only';

export async function startGateway(directory: OpenLdap, workers = 1): Promise<BenchGateway> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-bench-'));
  const port = await findFreePort();
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
log: { level: warn }
`,
  );
  const child = spawn(
    process.execPath,
    [join(root, 'src/cli/main.ts'), 'serve', '--config', join(dir, 'gateway.yaml')],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const base = `http://127.0.0.1:${port}/scim/v2`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(dir, { recursive: true, force: true });
  };
  for (const limit = Date.now() + 20_000; ; ) {
    const answered = await fetch(`${base}/ServiceProviderConfig`).catch(() => undefined);
    if (answered !== undefined) break;
    if (child.exitCode !== null || Date.now() > limit) {
      await stop();
      throw new Error('The gateway did not start');
    }
  }
  const pid = child.pid ?? 0;
  return {
    connect: () => connectHttp(base, token),
    cpu: () => cpuOf(pid),
    peakMegabytes: () => peakOf(pid),
    stop,
  };
}

/** Linux counts in hundredths of a second: enough for thousands of requests. */
function cpuOf(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function peakOf(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
