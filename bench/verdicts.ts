// What the gateway has to show, beside what it showed.

import { printTable } from '../docs/generate/regions.ts';
import type { Result } from './compare.ts';
import { short } from './report.ts';

export interface Verdict {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Whole {
  readonly readyMilliseconds: number;
  readonly residentMegabytes: number;
}

/** Of those rows that were measured; `whole` where all were. */
export function verdictsOn(results: readonly Result[], whole: Whole | undefined): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  const rowOf = (name: string): Result | undefined => results.find((result) => result.name.startsWith(name));
  const judge = (what: string, value: number | undefined, sign: '>=' | '<=', wanted: number, unit: string): void => {
    if (value === undefined) return;
    const met = sign === '>=' ? value >= wanted : value <= wanted;
    verdicts.push({ what, wanted: `${sign} ${wanted}${unit}`, measured: `${short(value)}${unit}`, met });
  };
  const ratio = (name: string, wanted: number): void =>
    judge(`${name}: rate by that of ldapts alone`, rowOf(name)?.ratioToLdapts, '>=', wanted, '');
  /** Of two rows, where both were measured. */
  const quotient = (of: (result: Result) => number, name: string, by: string): number | undefined => {
    const [upper, lower] = [rowOf(name), rowOf(by)];
    return upper === undefined || lower === undefined ? undefined : of(upper) / of(lower);
  };

  for (const name of ['GET by id', 'userName eq']) {
    ratio(name, 0.4);
    judge(`${name}: CPU of the gateway`, rowOf(name)?.cpuMicroseconds, '<=', 90, ' us');
  }
  ratio('first page of 100', 0.5);
  judge(
    'page at 90 % depth, warm: median time by that of the first page',
    quotient((result) => result.p50Milliseconds, 'page at 90 % depth', 'first page of 100'),
    '<=',
    1.5,
    '',
  );
  const cold = rowOf('first page of 100 against the ids alone');
  judge(
    'first page of 100, one client: time by that of ldapts listing the ids',
    cold === undefined ? undefined : 1 / cold.ratioToLdapts,
    '<=',
    4,
    '',
  );
  ratio('full walk by startIndex', 0.4);
  ratio('full walk by cursor', 0.4);
  // Both sides take more CPU time where a request waits longer for slapd and finds its caches cold.
  judge(
    "add and remove a member: the gateway's own CPU by that of ldapts, biggest group against group of ten",
    quotient(
      (result) => result.cpuMicroseconds / result.ldaptsMicroseconds,
      'add and remove a member, biggest',
      'add and remove a member, group of ten',
    ),
    '<=',
    1.3,
    '',
  );
  const group = rowOf('GET the biggest group');
  judge(
    'GET the biggest group: rate by that of the faster of the two clients alone',
    group === undefined ? undefined : Math.min(group.ratioToLdapts, group.ratioToClient),
    '>=',
    0.4,
    '',
  );
  judge('GET the biggest group: longest block of the event loop', group?.longestBlockMilliseconds, '<=', 50, ' ms');
  judge('memory after all of it', whole?.residentMegabytes, '<=', 200, ' MB');
  judge('start to ready', whole?.readyMilliseconds, '<=', 1000, ' ms');
  return verdicts;
}

export function printVerdicts(verdicts: readonly Verdict[]): string {
  return printTable(
    ['what', 'wanted', 'measured', 'met'],
    verdicts.map(({ what, wanted, measured, met }) => [what, wanted, measured, met ? 'yes' : 'no']),
  );
}
