// The gateway in a process of its own, so that its memory and its event loop are its own too.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import { findFreePort } from '../test/directories/openldap/start.ts';

export interface BenchGateway {
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ readonly status: number; readonly text: string }>;
  /** Resident memory now and at most so far. */
  memory(): string;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const token = 'a-token-for-measuring-only';

export async function startGateway(directory: OpenLdap): Promise<BenchGateway> {
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-bench-'));
  const port = await findFreePort();
  writeFileSync(join(dir, 'token'), token, { mode: 0o600 });
  writeFileSync(join(dir, 'password'), directory.password, { mode: 0o600 });
  writeFileSync(
    join(dir, 'gateway.yaml'),
    `listen: { port: ${port} }
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
  const send: BenchGateway['send'] = async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(dir, { recursive: true, force: true });
  };
  for (const limit = Date.now() + 20_000; ; ) {
    const answered = await send('GET', '/ServiceProviderConfig').catch(() => undefined);
    if (answered !== undefined) break;
    if (child.exitCode !== null || Date.now() > limit) {
      await stop();
      throw new Error('The gateway did not start');
    }
  }
  return { send, stop, memory: () => (child.pid === undefined ? '' : memoryOf(child.pid)) };
}

function memoryOf(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key: string): string => {
    const kilobytes = new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1];
    return (Number(kilobytes) / 1024).toFixed(0);
  };
  return `${megabytes('VmRSS')} MB, at most ${megabytes('VmHWM')} MB`;
}
