// Measures the gateway in front of an OpenLDAP against the limit: the same LDAP operations from a client alone, by as
// many clients at once, in turns. Nothing fails by being slow. This process makes the load; slapd and the gateway are
// processes of their own. README.md says what can be asked for, and what the figures mean.

import { type Company, createCompany } from './company.ts';
import { compare, httpOf, type Plan, type Result } from './compare.ts';
import { conditionsOf } from './conditions.ts';
import { areasOf, printAreas } from './cpu-profile.ts';
import { printGrowth, type Sized } from './growth.ts';
import { compareWithLdapsearch, printSequential } from './ldapsearch.ts';
import { measureRound } from './measure.ts';
import { type Options, readOptions } from './options.ts';
import { printConditions, printResults, short, thousands } from './report.ts';
import { scenariosOf } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { printVerdicts, verdictsOn } from './verdicts.ts';
import { type Ground, withBench } from './with-bench.ts';
import { compareWorkers, printGains } from './workers.ts';
import { writeRegion } from './write-region.ts';

/** The figures for a program, and as text for a reader. */
interface Outcome {
  readonly figures: object;
  readonly text: string;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const conditions = conditionsOf(options);
const modes = { compare: compareAll, growth: measureGrowth, profile: profileOne, workers: addWorkers };
const { figures, text } = await modes[options.mode](options);
const report = `${printConditions(conditions)}\n\n${text}`;
process.stdout.write(options.json ? `${JSON.stringify({ conditions, ...figures }, null, 2)}\n` : `${report}\n`);
if (options.region !== undefined) writeRegion(options.region, report);

async function compareAll({ users, biggest, clients, rounds, seconds, only }: Options): Promise<Outcome> {
  const company = createCompany(users, biggest);
  const scenarios = chosen(scenariosOf(company), only);
  return await bringUp(
    company,
    Math.max(clients, ...scenarios.map((scenario) => scenario.clients ?? 0)),
    async (ground) => {
      const results = await compareEach(scenarios, ground, { clients, rounds, seconds, warmUp: 2 }, end);
      const { bench, directory, readyMilliseconds } = ground;
      const { residentMegabytes } = bench.gateway.memory();
      const whole = only === '' ? { readyMilliseconds, residentMegabytes } : undefined;
      const verdicts = verdictsOn(results, whole);
      const sequential =
        only === '' ? await compareWithLdapsearch(directory, company, [bench.ldapts, bench.own], 3) : undefined;
      const tables = [
        printResults(results),
        printVerdicts(verdicts),
        ...(sequential === undefined ? [] : [printSequential(sequential)]),
      ];
      return { figures: { results, verdicts, sequential, ...whole }, text: tables.join('\n\n') };
    },
  );
}

/** Each size has a tenth of its people in the biggest group. */
async function measureGrowth({ sizes, seconds, rounds, only }: Options): Promise<Outcome> {
  const all: Sized[] = [];
  let growth = new Map<string, string>();
  for (const size of sizes) {
    // slapd maps its database into memory, 3 KB for each of these people.
    if (process.availableMemory() < size * 6000) {
      say(`${thousands(size)} people do not fit into the memory of this machine`);
      continue;
    }
    const company = createCompany(size, Math.ceil(size / 10));
    const scenarios = chosen(scenariosOf(company), only).map(alone);
    growth = new Map(scenarios.map((scenario) => [scenario.name, scenario.growth]));
    const affordable = scenarios.filter((scenario) => isAffordable(scenario, size, all.at(-1)));
    const plan = { clients: 1, rounds: Math.min(rounds, 3), seconds, warmUp: 2 };
    const results = await bringUp(company, 1, (ground) => compareEach(affordable, ground, plan, sayFailure));
    all.push({ size, results });
  }
  return { figures: { growth: all }, text: printGrowth(all, growth) };
}

function end(_scenario: Scenario, error: unknown): never {
  throw error;
}

/** A size that is too much for one scenario is none for all. */
function sayFailure({ name }: Scenario, error: unknown): void {
  say(`${name}: ${String(error)}`);
}

/** By one client, so that no time is spent waiting for others. */
function alone(scenario: Scenario): Scenario {
  const { requests } = scenario;
  return { ...scenario, clients: 1, ...(requests === undefined ? {} : { requests: Math.min(requests, 3) }) };
}

/** What is measured by a number of requests might take an hour with ten times the people. */
function isAffordable({ name, requests }: Scenario, size: number, smaller: Sized | undefined): boolean {
  const before = smaller?.results.find((result) => result.name === name);
  if (requests === undefined || before === undefined || smaller === undefined) return true;
  const seconds = (requests * before.p50Milliseconds * (size / smaller.size)) / 1000;
  if (seconds < 200) return true;
  say(`${name}: not with ${thousands(size)} people, as a round would take some ${seconds.toFixed(0)} s`);
  return false;
}

async function profileOne({ users, biggest, clients, only }: Options): Promise<Outcome> {
  const company = createCompany(users, biggest);
  const [scenario] = chosen(scenariosOf(company), only);
  if (scenario === undefined) throw new Error(`No scenario has "${only}" in its name`);
  const { ask, name } = scenario;
  const all = scenario.clients ?? clients;
  return await bringUp(company, all, async ({ bench: { gateway, https } }) => {
    const load = (seconds: number) =>
      measureRound((index, client) => ask(httpOf(https, client), index, client), { clients: all, seconds }, 0);
    await load(3);
    const before = await gateway.usage();
    const { latencies } = await load(5);
    const cpu = ((await gateway.usage()).cpu - before.cpu) / latencies.length;
    say(`${name}: profiling`);
    const shares = areasOf(await gateway.profile(() => load(10)));
    const title = `${name}, ${all} ${all === 1 ? 'client' : 'clients'}: ${cpu.toFixed(0)} us of CPU a request without the profiler.`;
    return { figures: { name, cpu, shares }, text: `${title}\n\n${printAreas(shares, cpu)}` };
  });
}

/** Load and slapd share the cores with both gateways; a machine with cores to spare shows more. */
async function addWorkers({ users, biggest, clients, rounds, seconds, workers }: Options): Promise<Outcome> {
  const company = createCompany(users, biggest);
  return await bringUp(company, clients, async ({ bench: { https }, directory }) => {
    const gains = await compareWorkers({ company, directory, one: https, workers, clients, rounds, seconds });
    return { figures: { workers, gains }, text: printGains(gains, workers) };
  });
}

async function bringUp<T>(company: Company, clients: number, work: (ground: Ground) => Promise<T>): Promise<T> {
  say(
    `Filling the directory: ${thousands(company.users)} people, the biggest group ${thousands(company.biggest.members)}`,
  );
  return await withBench(company, clients, work);
}

/** `onFailure` decides whether the other scenarios go on. */
async function compareEach(
  scenarios: readonly Scenario[],
  { bench }: Ground,
  plan: Plan,
  onFailure: (scenario: Scenario, error: unknown) => void,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const scenario of scenarios) {
    const started = performance.now();
    const result = await compare(scenario, bench, plan).catch((error: unknown) => onFailure(scenario, error));
    if (result === undefined) continue;
    results.push(result);
    say(
      `${scenario.name}: ${result.ratioToLdapts.toFixed(2)} of ldapts, ${result.cpuMicroseconds.toFixed(0)} us of CPU, ` +
        `after ${short((performance.now() - started) / 1000)} s`,
    );
  }
  return results;
}

function chosen(scenarios: readonly Scenario[], only: string): readonly Scenario[] {
  return scenarios.filter(({ name }) => name.includes(only));
}
