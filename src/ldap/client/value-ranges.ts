// Long attributes that a server hands out in part: Active Directory shows 1,500 values as `member;range=0-1499`, beside an
// empty `member`, and wants to be asked for the rest (MS-ADTS 3.1.1.3.1.3.3). Here the parts are put together, so that
// nobody above the port knows of ranges. In charge of what to ask next; it leaves reading to its caller.
//
// The parts are read one after the other. Where others change the attribute meanwhile, a value may be missed that was
// there all the time, because its place has moved: no server gives a condition for reads.
import { LdapEntry } from '../entry.ts';
import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';

/** `range=LOW-HIGH`; the last range ends with a star. */
const RANGE = /^(.+);range=(\d+)-(\d+|\*)$/;

interface Part {
  readonly attribute: string;
  readonly low: number;
  /** The place after its last value; undefined where that is the attribute's last. */
  readonly next: number | undefined;
  readonly values: readonly Buffer[];
}

/** Whether an attribute came as a range. */
export function isCut(entry: LdapEntry): boolean {
  for (const name of entry.attributes.keys()) if (name.includes(';range=')) return true;
  return false;
}

/**
 * The entry with all values of its attributes, under their names without a range. `read` reads attributes of it once more;
 * undefined where it is gone. Throws `LdapError` 51 then, and 1 where a server's ranges leave a gap.
 */
export async function completeValues(
  entry: LdapEntry,
  read: (attributes: readonly string[]) => Promise<LdapEntry | undefined>,
): Promise<LdapEntry> {
  const collected = new Map<string, Buffer[]>();
  let open = takeParts(entry, new Map(partsOf(entry).map(({ attribute }) => [attribute, 0])), collected);
  while (open.size > 0) {
    // With an open end the server chooses the width.
    const more = await read(Array.from(open, ([attribute, from]) => `${attribute};range=${from}-*`));
    if (more === undefined) throw new LdapError(resultCode.busy, 'the entry went while its values were read');
    open = takeParts(more, open, collected);
  }
  const attributes = new Map<string, readonly Buffer[]>();
  for (const [name, values] of entry.attributes) if (!RANGE.test(name)) attributes.set(name, values);
  for (const [name, values] of collected) attributes.set(name, eachOnce(values));
  return new LdapEntry(entry.dn, attributes, entry.dereferenced);
}

function partsOf(entry: LdapEntry): Part[] {
  return Array.from(entry.attributes, ([name, values]): Part[] => {
    const [, attribute, low, high] = RANGE.exec(name) ?? [];
    if (attribute === undefined) return [];
    return [{ attribute, low: Number(low), next: high === '*' ? undefined : Number(high) + 1, values }];
  }).flat();
}

/** Adds what came of the attributes in `wanted`, each from its place on; what is still to be asked for comes back. */
function takeParts(
  entry: LdapEntry,
  wanted: ReadonlyMap<string, number>,
  collected: Map<string, Buffer[]>,
): Map<string, number> {
  const open = new Map<string, number>();
  for (const { attribute, low, next, values } of partsOf(entry)) {
    const from = wanted.get(attribute);
    if (from === undefined) continue;
    if (low > from) throw gap(attribute, from);
    const known = collected.get(attribute) ?? [];
    for (const value of values.slice(from - low)) known.push(value);
    collected.set(attribute, known);
    // No values and no end: they went meanwhile, and there is nothing behind them.
    if (next === undefined || values.length === 0) continue;
    if (next <= from) throw gap(attribute, from);
    open.set(attribute, next);
  }
  return open;
}

function gap(attribute: string, from: number): LdapError {
  return new LdapError(resultCode.operationsError, `the server gave no values of ${attribute} from ${from} on`);
}

/** Whose place has moved between two parts may come twice. */
function eachOnce(values: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(values.map((value) => [value.toString('latin1'), value])).values()];
}
