// Cost against size: each scenario in front of directories of several sizes, each client alone.

import { printTable } from '../docs/generate/regions.ts';
import type { Result } from './compare.ts';
import { short, thousands } from './report.ts';
import { growthOf } from './statistics.ts';

export interface Sized {
  readonly size: number;
  readonly results: readonly Result[];
}

/** `growth` of a scenario by its name: how it should be, and why. */
export function printGrowth(all: readonly Sized[], growth: ReadonlyMap<string, string>): string {
  const sizes = all.map(({ size }) => size);
  const rows = [...growth].map(([name, why]) => {
    const found = all.map(({ results }) => results.find((result) => result.name === name));
    const growthBy = (cost: (result: Result) => number): string =>
      growthOf(
        found.flatMap((result, index) =>
          result === undefined ? [] : [{ size: sizes[index] ?? 0, cost: cost(result) }],
        ),
      ) ?? '-';
    return [
      name,
      ...found.map((result) =>
        result === undefined
          ? '-'
          : `${short(result.p50Milliseconds)} / ${short(result.ldaptsP50Milliseconds)} / ${short(result.cpuMicroseconds / 1000)}`,
      ),
      growthBy(({ p50Milliseconds }) => p50Milliseconds),
      growthBy(({ ldaptsP50Milliseconds }) => ldaptsP50Milliseconds),
      growthBy(({ cpuMicroseconds }) => cpuMicroseconds),
      why,
    ];
  });
  const head = [
    'request',
    ...sizes.map(thousands),
    'gateway',
    'ldapts alone',
    'CPU of the gateway',
    'expected, and why',
  ];
  return printTable(head, rows);
}
