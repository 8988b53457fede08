// The figures of a run as a table in Markdown, or as JSON for a program that compares runs.

export interface Result {
  readonly name: string;
  readonly operations: string;
  readonly requestsPerSecond: number;
  /** Median over the rounds of: the gateway's rate by the rate of the operations alone. */
  readonly ratioToClient: number;
  readonly ratioToLdapts: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Of the gateway's process, user and system, for one request. */
  readonly cpuMicroseconds: number;
  /** Of ldapts and whoever calls it, for the LDAP operations of one request. */
  readonly ldaptsMicroseconds: number;
  /** Highest resident memory of the gateway since it started. */
  readonly peakMegabytes: number;
}

export interface Conditions {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly node: string;
  readonly load: string;
  readonly users: number;
  readonly clients: number;
  readonly rounds: number;
  readonly seconds: number;
}

export function printConditions(conditions: Conditions): string {
  return Object.entries(conditions)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

export const tableHead = [
  '| request | req/s | of our client alone | of ldapts alone | p50 ms | p99 ms | CPU us | ldapts CPU us | peak MB |',
  '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
].join('\n');

export function printRow(result: Result): string {
  const cells = [
    result.name,
    result.requestsPerSecond.toFixed(0),
    result.ratioToClient.toFixed(2),
    result.ratioToLdapts.toFixed(2),
    result.p50Milliseconds.toFixed(1),
    result.p99Milliseconds.toFixed(1),
    result.cpuMicroseconds.toFixed(0),
    result.ldaptsMicroseconds.toFixed(0),
    result.peakMegabytes.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}
