// The gateway's client and ldapts beside OpenLDAP's own `ldapsearch`, which is C: searches one after the other over one
// connection. `ldapsearch -f` fills each line of a file into a filter and waits for an answer before it sends the next.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printTable } from '../docs/generate/regions.ts';
import { isCommand } from '../test/directories/apt.ts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import type { Company } from './company.ts';
import type { DirectoryClient } from './directory-client.ts';
import { personClass } from './scenarios/directory-work.ts';
import { median } from './statistics.ts';

export interface Sequential {
  readonly client: string;
  /** Microseconds for one search, by the clock and of the client's own CPU. */
  readonly time: number;
  readonly cpu: number;
}

const searches = 10_000;
const attributes = ['entryUUID', 'uid', 'cn', 'sn', 'mail', 'title'];

/** Undefined where there is no ldapsearch. */
export async function compareWithLdapsearch(
  directory: OpenLdap,
  company: Company,
  clients: readonly DirectoryClient[],
  rounds: number,
): Promise<readonly Sequential[] | undefined> {
  if (!isCommand('ldapsearch')) return undefined;
  const names = Array.from({ length: searches }, (_, index) => company.person(index).userName);
  const dir = mkdtempSync(join(tmpdir(), 'scim-ldap-bench-'));
  const ways = new Map<string, () => Promise<Omit<Sequential, 'client'>>>([
    ['ldapsearch', async () => searchByC(directory, company, dir)],
    ...clients.map((client) => [client.name, () => searchByClient(client, company, names)] as const),
  ]);
  try {
    writeFileSync(join(dir, 'names'), `${names.join('\n')}\n`);
    writeFileSync(join(dir, 'password'), directory.password, { mode: 0o600 });
    const taken = new Map([...ways.keys()].map((client) => [client, [] as Omit<Sequential, 'client'>[]]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [client, way] of ways) taken.get(client)?.push(await way());
    }
    return [...taken].map(([client, all]) => ({
      client,
      time: median(all.map(({ time }) => time)),
      cpu: median(all.map(({ cpu }) => cpu)),
    }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Bash tells the times of what it ran. Connecting and binding are contained, once for all searches. */
function searchByC(directory: OpenLdap, company: Company, dir: string): Omit<Sequential, 'client'> {
  const command = 'TIMEFORMAT="%R %U %S"; time ldapsearch "$@" >found';
  const args = ['-x', '-LLL', '-H', directory.url, '-D', directory.bindDn, '-y', 'password', '-b', company.peopleDn];
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', command, 'bash', ...args, '-f', 'names', `(&${personClass}(uid=%s))`, ...attributes],
    { cwd: dir, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  if (status !== 0) throw new Error(`ldapsearch failed: ${stderr}`);
  const [time = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  return perSearch(time * 1e6, (user + system) * 1e6);
}

async function searchByClient(
  client: DirectoryClient,
  company: Company,
  names: readonly string[],
): Promise<Omit<Sequential, 'client'>> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  for (const name of names) {
    const found = await client.search(company.peopleDn, `(&${personClass}(uid=${name}))`, attributes);
    if (found.length !== 1) throw new Error(`${client.name} found ${found.length} for ${name}`);
  }
  const { user, system } = process.cpuUsage(cpu);
  return perSearch((performance.now() - started) * 1000, user + system);
}

function perSearch(time: number, cpu: number): Omit<Sequential, 'client'> {
  return { time: time / searches, cpu: cpu / searches };
}

export function printSequential(rows: readonly Sequential[]): string {
  const byC = rows.find(({ client }) => client === 'ldapsearch')?.time ?? Number.NaN;
  return printTable(
    ['one search after the other', 'us each', 'CPU us each', 'time by that of ldapsearch'],
    rows.map(({ client, time, cpu }) => [
      client === 'client' ? 'our client' : client,
      time.toFixed(0),
      cpu.toFixed(0),
      (time / byC).toFixed(2),
    ]),
  );
}
