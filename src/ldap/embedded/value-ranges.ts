import { LdapEntry } from '../entry.ts';

interface Range {
  readonly low: number;
  readonly high: number;
}

const RANGE = /^(.+);range=(\d+)-(\d+|\*)$/i;

/** How a directory that shows `width` values of an attribute at most answers a request for attributes (MS-ADTS 3.1.1.3.1.3.3). */
export interface RangedSelection {
  /** Without ranges: what has to be read. */
  readonly names: readonly string[];
  cut(entry: LdapEntry): LdapEntry;
}

/** `member;range=0-1499` beside an empty `member` where there are more values; `member;range=1500-*` where it is asked for. */
export function compileRanges(requested: readonly string[], width: number): RangedSelection {
  const asked = new Map<string, Range>();
  const names = requested.map((name) => {
    const [, attribute, low, high] = RANGE.exec(name) ?? [];
    if (attribute === undefined) return name;
    asked.set(attribute.toLowerCase(), {
      low: Number(low),
      high: high === '*' ? Number.POSITIVE_INFINITY : Number(high),
    });
    return attribute;
  });
  return {
    names,
    cut(entry) {
      const attributes = new Map<string, readonly Buffer[]>();
      for (const [name, values] of entry.attributes) {
        const range = asked.get(name.toLowerCase());
        if (range === undefined && values.length <= width) {
          attributes.set(name, values);
          continue;
        }
        const low = range?.low ?? 0;
        const part = values.slice(low, Math.min(range?.high ?? Number.POSITIVE_INFINITY, low + width - 1) + 1);
        const last = low + part.length >= values.length;
        if (range === undefined) attributes.set(name, []);
        attributes.set(`${name};range=${low}-${last ? '*' : low + part.length - 1}`, part);
      }
      return new LdapEntry(entry.dn, attributes, entry.dereferenced);
    },
  };
}
