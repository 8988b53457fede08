import { LdapError } from '../errors.ts';
import { compareOrdering } from '../matching-rules.ts';
import type { RequestControl, ResponseControls, SortKey } from '../operations.ts';
import { resultCode } from '../result-codes.ts';
import type { DirectoryState } from './directory-state.ts';
import type { StoredEntry } from './stored-entry.ts';

type ListView = Extract<RequestControl, { kind: 'vlv' }>;

interface ResolvedKey {
  readonly attribute: string;
  readonly rule: string;
  readonly sign: 1 | -1;
}

/** Looks the keys of a sort control up (RFC 2891). Throws `LdapError` 16 and 18 with the texts of OpenLDAP 2.5. */
export function resolveSortKeys(state: DirectoryState, keys: readonly SortKey[]): readonly ResolvedKey[] {
  return keys.map(({ attribute, orderingRule, reverse = false }) => {
    const found = state.describe(attribute);
    if (found === undefined)
      throw new LdapError(resultCode.noSuchAttribute, 'serverSort control: Unrecognized attribute type in sort key');
    const rule = orderingRule ?? found.type.ordering;
    if (rule === undefined)
      throw new LdapError(resultCode.inappropriateMatching, 'serverSort control: No ordering rule');
    return { attribute: found.key, rule, sign: reverse ? -1 : 1 };
  });
}

/** Sorts by the least value of each key; entries without one come last (RFC 2891 s2.2), first where reversed. */
export function sortEntries(entries: readonly StoredEntry[], keys: readonly ResolvedKey[]): readonly StoredEntry[] {
  const rows = entries.map((entry) => ({ entry, values: keys.map((key) => leastValue(entry, key)) }));
  rows.sort((a, b) => {
    for (const [index, { rule, sign }] of keys.entries()) {
      const order = compareValues(rule, a.values[index], b.values[index]);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
  return rows.map(({ entry }) => entry);
}

function leastValue(entry: StoredEntry, { attribute, rule }: ResolvedKey): Buffer | undefined {
  const values = entry.attributes.get(attribute)?.values ?? [];
  return values.reduce<Buffer | undefined>(
    (least, value) => (least === undefined || compareValues(rule, value, least) < 0 ? value : least),
    undefined,
  );
}

function compareValues(rule: string, a: Buffer | undefined, b: Buffer | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareOrdering(rule, a, b) ?? Buffer.compare(a, b);
}

/** The window of a virtual list view by offset (draft-ietf-ldapext-ldapv3-vlv s4). Throws `LdapError` 61 beyond the end. */
export function cutListView(
  entries: readonly StoredEntry[],
  { before, after, offset, contentCount }: ListView,
): { readonly window: readonly StoredEntry[]; readonly control: NonNullable<ResponseControls['vlv']> } {
  const total = entries.length;
  if (offset < 1 && total > 0) throw new LdapError(resultCode.offsetRangeError);
  // A client that guesses the length names its place in proportion.
  const scaled = contentCount === 0 ? offset : Math.round((offset / contentCount) * total);
  const position = Math.max(1, Math.min(scaled, total));
  return {
    window: entries.slice(Math.max(0, position - 1 - before), position + after),
    control: { position, contentCount: total, code: resultCode.success },
  };
}
