// The figures of a run as tables in Markdown.

import { printTable } from '../docs/generate/regions.ts';
import type { Result } from './compare.ts';
import type { Conditions } from './conditions.ts';

export function printConditions({ date, commit, node, machine, directory, load, ...numbers }: Conditions): string {
  const { users, biggest, clients, rounds, seconds } = numbers;
  return (
    `${date}, commit ${commit}, Node ${node}, ${machine}, ${directory}; load average ${load} when it started. ` +
    `${thousands(users)} people, the biggest group has ${thousands(biggest)} members. ${clients} clients unless the row says ` +
    `otherwise, ${rounds} rounds of ${seconds} s.`
  );
}

export function printResults(results: readonly Result[]): string {
  const head =
    'request|clients|req/s|of ldapts alone|of our client alone|p50 ms|p99 ms|CPU us|ldapts CPU us|LDAP operations|those of ldapts|longest block ms|RSS MB|peak MB';
  return printTable(
    head.split('|'),
    results.map((result) => [
      result.name,
      String(result.clients),
      short(result.requestsPerSecond),
      result.ratioToLdapts.toFixed(2),
      result.ratioToClient.toFixed(2),
      short(result.p50Milliseconds),
      short(result.p99Milliseconds),
      result.cpuMicroseconds.toFixed(0),
      result.ldaptsMicroseconds.toFixed(0),
      short(result.operationsOfGateway),
      short(result.operationsOfLdapts),
      result.longestBlockMilliseconds === undefined ? '-' : short(result.longestBlockMilliseconds),
      result.residentMegabytes.toFixed(0),
      result.peakMegabytes.toFixed(0),
    ]),
  );
}

/** Three digits that say something. */
export function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function thousands(value: number): string {
  return value.toLocaleString('en');
}
