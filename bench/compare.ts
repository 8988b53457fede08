// Measures a scenario through the gateway and its limits in turns, as a machine is not as fast in one minute as in the
// next. A ratio is taken within a round.

import type { DirectoryClient } from './directory-client.ts';
import type { GatewayProcess } from './gateway-process.ts';
import type { HttpClient } from './http-client.ts';
import { type Effort, measureRound, type Round } from './measure.ts';
import type { OperationCounter } from './operation-counter.ts';
import type { Usage } from './probe.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { median, percentile } from './statistics.ts';

export interface Result {
  readonly name: string;
  readonly operations: string;
  readonly clients: number;
  readonly requestsPerSecond: number;
  /** Median over the rounds of: the gateway's rate by the rate of the operations alone. */
  readonly ratioToLdapts: number;
  readonly ratioToClient: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly ldaptsP50Milliseconds: number;
  /** Of the gateway's process, user and system, for one request. */
  readonly cpuMicroseconds: number;
  /** Of ldapts and whoever calls it, for the LDAP operations of one request. */
  readonly ldaptsMicroseconds: number;
  /** LDAP operations of one request, as the directory counts them. */
  readonly operationsOfGateway: number;
  readonly operationsOfLdapts: number;
  /** The longest time for which the gateway's event loop was held up, where the scenario asks for it. */
  readonly longestBlockMilliseconds: number | undefined;
  /** Of the gateway's process after the scenario, and at most during it. */
  readonly residentMegabytes: number;
  readonly peakMegabytes: number;
}

export interface Bench {
  readonly gateway: GatewayProcess;
  readonly https: readonly HttpClient[];
  readonly own: DirectoryClient;
  readonly ldapts: DirectoryClient;
  readonly counter: OperationCounter;
}

export interface Plan {
  readonly clients: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Seconds before anything counts: V8 compiles what is hot in threads of the same process, for thousands of requests. */
  readonly warmUp: number;
}

/** What one round of one side took. */
interface Taken extends Round {
  /** For one request. */
  readonly cpu: number;
  readonly operations: number;
  readonly longestBlock: number;
}

/** Milliseconds after which a scenario gets no further round. */
const patience = 60_000;

type Side = (index: number, client: number) => Promise<unknown>;

export async function compare(scenario: Scenario, bench: Bench, plan: Plan): Promise<Result> {
  const { gateway, https, own, ldapts, counter } = bench;
  const { ask, limit, requests } = scenario;
  const clients = scenario.clients ?? plan.clients;
  const effort: Effort = { clients, seconds: plan.seconds, requests };
  const measure = async (side: Side, usage: () => Promise<Usage>, first: number): Promise<Taken> => {
    const [before, counted] = [await usage(), await counter.count()];
    const round = await measureRound(side, effort, first);
    const { cpu, longestBlock } = await usage();
    const per = (total: number): number => total / round.latencies.length;
    return { ...round, cpu: per(cpu - before.cpu), operations: per((await counter.count()) - counted), longestBlock };
  };
  const sides: readonly [Side, Side, Side] = [
    (index, client) => ask(httpOf(https, client), index, client),
    (index, client) => limit(own, index, client),
    (index, client) => limit(ldapts, index, client),
  ];
  const ownUsage = async (): Promise<Usage> => {
    const { user, system } = process.cpuUsage();
    return { cpu: user + system, longestBlock: 0 };
  };

  gateway.forgetPeak();
  await gateway.watchLoop(scenario.heavy === true);
  if (requests === undefined) await measureRound(sides[0], { clients, seconds: plan.warmUp }, 0);
  const rounds: { readonly gateway: Taken; readonly own: Taken; readonly ldapts: Taken }[] = [];
  // The first round warms up all three, where it is not as long as the measuring itself.
  const warm = requests === 1 ? 0 : 1;
  const started = performance.now();
  for (let round = 0; round < plan.rounds + warm; round += 1) {
    if (rounds.length > 0 && performance.now() - started > patience) break;
    const first = round * 1_000_003;
    const taken = {
      gateway: await measure(sides[0], gateway.usage, first),
      own: await measure(sides[1], ownUsage, first),
      ldapts: await measure(sides[2], ownUsage, first),
    };
    if (round >= warm) rounds.push(taken);
  }
  const latencies = rounds.flatMap((round) => round.gateway.latencies);
  const medianOf = (of: (round: (typeof rounds)[number]) => number): number => median(rounds.map(of));
  return {
    name: scenario.name,
    operations: scenario.operations,
    clients,
    requestsPerSecond: medianOf((round) => round.gateway.perSecond),
    ratioToLdapts: medianOf((round) => round.gateway.perSecond / round.ldapts.perSecond),
    ratioToClient: medianOf((round) => round.gateway.perSecond / round.own.perSecond),
    p50Milliseconds: percentile(latencies, 0.5),
    p99Milliseconds: percentile(latencies, 0.99),
    ldaptsP50Milliseconds: percentile(
      rounds.flatMap((round) => round.ldapts.latencies),
      0.5,
    ),
    cpuMicroseconds: medianOf((round) => round.gateway.cpu),
    ldaptsMicroseconds: medianOf((round) => round.ldapts.cpu),
    operationsOfGateway: medianOf((round) => round.gateway.operations),
    operationsOfLdapts: medianOf((round) => round.ldapts.operations),
    longestBlockMilliseconds:
      scenario.heavy === true ? Math.max(...rounds.map((round) => round.gateway.longestBlock)) : undefined,
    ...gateway.memory(),
  };
}

export function httpOf(https: readonly HttpClient[], client: number): HttpClient {
  const http = https[client];
  if (http === undefined) throw new Error(`There is no connection for client ${client}`);
  return http;
}
