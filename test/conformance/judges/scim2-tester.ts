// scim2-tester, an outside judge from PyPI, in a virtual environment of its own below .tmp/.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { explain } from './explanations.ts';
import type { Judge, Verdict } from './judge.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const script = fileURLToPath(new URL('scim2-tester.py', import.meta.url));
const version = /^scim2-tester\S*==(\S+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1] ?? '';
const environment = join(root, '.tmp', `scim2-tester-${version}`);
const python = join(environment, 'bin', 'python');

interface Found {
  readonly status: 'SUCCESS' | 'ERROR' | 'SKIPPED' | 'DEVIATION' | 'ACCEPTABLE' | 'COMPLIANT' | 'CRITICAL';
  readonly check: string;
  readonly resourceType: string | null;
  readonly attribute: string | null;
  readonly differences: readonly string[];
  readonly reason: string | null;
}

export const scim2Tester: Judge = {
  name: `scim2-tester ${version}`,
  async prepare() {
    if (existsSync(join(environment, 'ready'))) return undefined;
    rmSync(environment, { recursive: true, force: true });
    try {
      await run('python3', ['-m', 'venv', environment]);
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
      await run(python, ['-c', `open(${JSON.stringify(join(environment, 'ready'))}, 'w').close()`]);
      return undefined;
    } catch (error) {
      return `it needs Python 3.10 or newer with venv, and PyPI: ${lastLine(error)}`;
    }
  },
  async judge({ url, token }) {
    const env = { ...process.env, SCIM_URL: url, SCIM_TOKEN: token };
    const { stdout } = await run(python, [script], { env, maxBuffer: 64 * 1024 * 1024 });
    return (JSON.parse(stdout) as Found[]).map(toVerdict);
  },
};

function toVerdict({ status, check, resourceType, attribute, differences, reason }: Found): Verdict {
  const title = [check, resourceType, attribute].filter((part) => part !== null).join(' ');
  if (status === 'SUCCESS' || status === 'COMPLIANT' || status === 'ACCEPTABLE') return { title, outcome: 'passed' };
  const text = reason ?? '';
  if (status === 'SKIPPED') return { title, outcome: 'skipped', reason: text };
  const explanation = explain({ title, reason: text, differences });
  if (explanation === undefined) return { title, outcome: 'failed', reason: text };
  return { title, outcome: 'explained', reason: explanation };
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message?: string };
  return (stderr?.trim() || message?.trim() || String(error)).split('\n').at(-1) ?? '';
}
