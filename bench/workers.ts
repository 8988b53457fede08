// What a second process gains on one machine: two gateways in front of one slapd, one with one process and one with
// several, asked in turns.

import { printTable } from '../docs/generate/regions.ts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import type { Company } from './company.ts';
import { httpOf } from './compare.ts';
import { startGateway } from './gateway-process.ts';
import type { HttpClient } from './http-client.ts';
import { measureRound } from './measure.ts';
import { readsOfPeople } from './scenarios/single-people.ts';
import { median } from './statistics.ts';

export interface Gain {
  readonly name: string;
  /** Requests per second, medians of the rounds; and the median of the rounds' ratios. */
  readonly one: number;
  readonly several: number;
  readonly ratio: number;
}

export interface WorkersPlan {
  readonly company: Company;
  readonly directory: OpenLdap;
  /** Connections to the gateway of one process. */
  readonly one: readonly HttpClient[];
  readonly workers: number;
  readonly clients: number;
  readonly rounds: number;
  readonly seconds: number;
}

/** V8 compiles what is hot in every process. */
const warmUp = 3;

export async function compareWorkers(plan: WorkersPlan): Promise<readonly Gain[]> {
  const { company, directory, one, workers, clients, rounds, seconds } = plan;
  const gateway = await startGateway(directory, workers);
  const several = Array.from({ length: clients }, () => gateway.connect());
  try {
    const gains: Gain[] = [];
    for (const { name, ask } of [withoutLdap, ...readsOfPeople(company)]) {
      const rateOf = async (https: readonly HttpClient[], round: number): Promise<number> => {
        const work = (index: number, client: number) => ask(httpOf(https, client), index, client);
        return (await measureRound(work, { clients, seconds }, round * 1_000_003)).perSecond;
      };
      const rates: { readonly one: number; readonly several: number }[] = [];
      for (let round = 0; round < rounds + warmUp; round += 1) {
        const pair = { one: await rateOf(one, round), several: await rateOf(several, round) };
        if (round >= warmUp) rates.push(pair);
      }
      gains.push({
        name,
        one: median(rates.map((pair) => pair.one)),
        several: median(rates.map((pair) => pair.several)),
        ratio: median(rates.map((pair) => pair.several / pair.one)),
      });
    }
    return gains;
  } finally {
    await Promise.all(several.map((http) => http.close()));
    await gateway.stop();
  }
}

const withoutLdap = {
  name: '/ServiceProviderConfig, no LDAP',
  ask: (http: HttpClient): Promise<unknown> => http.send('GET', '/ServiceProviderConfig'),
};

export function printGains(gains: readonly Gain[], workers: number): string {
  return printTable(
    ['request', '1 process, req/s', `${workers} processes, req/s`, 'ratio'],
    gains.map(({ name, one, several, ratio }) => [name, one.toFixed(0), several.toFixed(0), ratio.toFixed(2)]),
  );
}
