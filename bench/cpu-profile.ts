// Where the time of a CPU profile goes, by parts of the program.

import type { Profiler } from 'node:inspector';
import { printTable } from '../docs/generate/regions.ts';

/** First that fits; what a file of Node itself or of a package is for. */
const areas: readonly (readonly [RegExp, string])[] = [
  [/^node:_http|^node:internal\/http/, "Node's HTTP"],
  [/^node:(net|stream|internal\/(stream|js_stream|stream_base))/, "Node's sockets and streams"],
  [
    /^node:(events|timers|async_hooks|internal\/(event|abort|timers|process|async))/,
    'events, timers, signals, promises',
  ],
  [/^node:(internal\/)?crypto/, 'hashes'],
  [/^node:(internal\/)?buffer/, 'buffers, and text out of them'],
  [/^node:(diagnostics_channel|internal\/(perf|perf_hooks|async_hooks|async_local))/, "Node's own telling and timing"],
  [/^node:/, 'the rest of Node'],
  [/node_modules\/(@?koa|delegates|on-finished|ee-first|path-to-regexp)/, 'Koa and the router'],
  [/node_modules\/ldapts/, 'ldapts (BER)'],
  [/node_modules/, 'other packages'],
  [/src\/ldap\/client/, 'src/ldap/client'],
  [/src\/ldap\/protocol/, 'src/ldap/protocol'],
];

/** Shares of the time in which the process was not idle, by area, the largest first. */
export function areasOf(profile: Profiler.Profile): readonly (readonly [area: string, share: number])[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  const known = new Map<number, string>();
  const areaOf = (id: number): string => {
    const found = known.get(id) ?? findArea(id);
    known.set(id, found);
    return found;
  };
  const findArea = (id: number): string => {
    const { functionName, url } = nodes.get(id) ?? { functionName: '(program)', url: '' };
    if (url !== '') return areaOfFile(url);
    const parent = parents.get(id);
    if (/^write(v|Buffer|\w+String)$/.test(functionName)) return `writes to a socket: ${writerOf(parent)}`;
    if (functionName.startsWith('(') || parent === undefined) return functionName;
    return areaOf(parent);
  };
  /** A write of Node is on behalf of the first file of ours up the stack. */
  const writerOf = (id: number | undefined): string => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const url = nodes.get(at)?.url ?? '';
      if (/src\/ldap\//.test(url)) return 'to the directory';
      if (/^node:_http|src\/http\//.test(url)) return 'to the client';
    }
    return 'other';
  };
  const times = new Map<string, number>();
  profile.samples?.forEach((sample, index) => {
    const area = areaOf(sample);
    if (area !== '(idle)') times.set(area, (times.get(area) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
  });
  const busy = [...times.values()].reduce((total, time) => total + time, 0);
  return [...times].map(([area, time]) => [area, time / busy] as const).sort(([, a], [, b]) => b - a);
}

function areaOfFile(url: string): string {
  const area = areas.find(([form]) => form.test(url))?.[1];
  return area ?? /src\/\w+/.exec(url)?.[0] ?? url;
}

export function printAreas(
  shares: readonly (readonly [area: string, share: number])[],
  cpuMicroseconds: number,
): string {
  return printTable(
    ['part', 'share', 'CPU us'],
    shares
      .filter(([, share]) => share >= 0.005)
      .map(([area, share]) => [area, `${(share * 100).toFixed(1)} %`, (share * cpuMicroseconds).toFixed(0)]),
  );
}
