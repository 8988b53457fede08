// Measures the gateway in front of an OpenLDAP against the limit: the same LDAP operations from a client alone, by as
// many clients at once, in turns. Nothing fails by being slow. This process makes the load; slapd and the gateway are
// processes of their own.
//
//   npm run bench -- [--users 10000] [--clients 16] [--rounds 5] [--seconds 1] [--only TEXT] [--json]

import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startOpenLdap } from '../test/directories/openldap/start.ts';
import { type DirectoryClient, ldaptsClient, ownClient } from './directory-client.ts';
import type { HttpClient } from './http-client.ts';
import { measureRound, median, percentile, type Round } from './measure.ts';
import { ldifOfCompany } from './population.ts';
import { type Conditions, printConditions, printRow, type Result, tableHead } from './report.ts';
import { type Population, type Scenario, scenarios } from './scenarios.ts';
import { type BenchGateway, startGateway } from './start-gateway.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const [users, clients, rounds, seconds] = [values.users, values.clients, values.rounds, values.seconds].map(Number) as [
  number,
  number,
  number,
  number,
];
/** Seconds before anything counts: V8 compiles what is hot in threads of the same process, for thousands of requests. */
const warmUp = 3;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const conditions: Conditions = {
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  machine: `${cpus().length} x ${cpus()[0]?.model}`,
  node: process.version,
  load: `${loadavg()[0]?.toFixed(1)} when it started`,
  users,
  clients,
  rounds,
  seconds,
};
// The memberof overlay costs on each write to a group; the mapping does without it.
const directory = await startOpenLdap({ ldif: ldifOfCompany(users), memberOf: false });
const gateway = await startGateway(directory);
const https = Array.from({ length: clients }, () => gateway.connect());
const limits = [ownClient(directory), await ldaptsClient(directory)] as const;
try {
  if (!values.json) print(`${printConditions(conditions)}\n\n${tableHead}`);
  const results: Result[] = [];
  for (const scenario of scenarios(await explore(https[0], directory.suffix))) {
    if (!scenario.name.includes(values.only)) continue;
    const result = await compare(scenario, gateway, https, limits);
    results.push(result);
    if (!values.json) print(printRow(result));
  }
  if (values.json) print(JSON.stringify({ conditions, results }, null, 2));
} finally {
  for (const http of https) http.close();
  for (const limit of limits) await limit.close();
  await gateway.stop();
  await directory.stop();
}

async function compare(
  { name, operations, ask, limit }: Scenario,
  { cpu, peakMegabytes }: BenchGateway,
  all: readonly HttpClient[],
  [own, ldapts]: readonly [DirectoryClient, DirectoryClient],
): Promise<Result> {
  const asked: (Round & { readonly cpu: number })[] = [];
  const byOwn: number[] = [];
  const byLdapts: number[] = [];
  const ldaptsCpu: number[] = [];
  const requests = async (index: number, client: number): Promise<void> => {
    const http = all[client];
    const answer = http === undefined ? undefined : await ask(http, index, client);
    if (answer === undefined || answer.status >= 300) throw new Error(`${name}: ${answer?.status} ${answer?.text}`);
  };
  await measureRound(requests, clients, warmUp, 0);
  for (let round = 0; round <= rounds; round += 1) {
    const first = round * 1_000_003;
    const before = cpu();
    const gatewayRound = await measureRound(requests, clients, seconds, first);
    const taken = (cpu() - before) / gatewayRound.latencies.length;
    const ownRound = await measureRound((index, client) => limit(own, index, client), clients, seconds, first);
    const beforeLdapts = process.cpuUsage();
    const ldaptsRound = await measureRound((index, client) => limit(ldapts, index, client), clients, seconds, first);
    const { user, system } = process.cpuUsage(beforeLdapts);
    if (round === 0) continue;
    asked.push({ ...gatewayRound, cpu: taken });
    byOwn.push(gatewayRound.perSecond / ownRound.perSecond);
    byLdapts.push(gatewayRound.perSecond / ldaptsRound.perSecond);
    ldaptsCpu.push((user + system) / ldaptsRound.latencies.length);
  }
  const latencies = asked.flatMap((round) => round.latencies);
  return {
    name,
    operations,
    requestsPerSecond: median(asked.map(({ perSecond }) => perSecond)),
    ratioToClient: median(byOwn),
    ratioToLdapts: median(byLdapts),
    p50Milliseconds: percentile(latencies, 0.5),
    p99Milliseconds: percentile(latencies, 0.99),
    cpuMicroseconds: median(asked.map((round) => round.cpu)),
    ldaptsMicroseconds: median(ldaptsCpu),
    peakMegabytes: peakMegabytes(),
  };
}

async function explore(http: HttpClient | undefined, suffix: string): Promise<Population> {
  const idsOf = async (path: string): Promise<readonly string[]> => {
    const answer = await http?.send('GET', path);
    const { Resources } = JSON.parse(answer?.text ?? '') as { readonly Resources: readonly { readonly id: string }[] };
    return Resources.map(({ id }) => id);
  };
  const find = (endpoint: string, filter: string) =>
    idsOf(`${endpoint}?count=1000&attributes=id&filter=${encodeURIComponent(filter)}`);
  return {
    suffix,
    users,
    userIds: await idsOf('/Users?count=1000&attributes=id'),
    groupIds: await find('/Groups', 'displayName sw "team" and not (displayName eq "team99")'),
    // user99, user199, ... are in team99.
    strangerIds: await find('/Users', 'userName ew "99"'),
  };
}
