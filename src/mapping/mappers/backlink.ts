// A backlink shows who points here: `groups` of a user are the groups whose `members` hold the user, and where the mapping
// says `nested` those that hold such a group. It is computed and never written; the other side's reference is the one truth.
import { equality, or } from '../../ldap/filter.ts';
import type { JsonObject, JsonValue } from '../../scim/json.ts';
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { atMost, exactly, type FilterBounds, never, orBounds, unknown } from '../bounds.ts';
import type { AttributeMapper, FilterTerm } from '../mapper.ts';
import {
  type BacklinkNeed,
  type BacklinkSource,
  type HolderLookup,
  heldValues,
  type ReferenceTarget,
} from '../references.ts';
import { unwritten } from './simple.ts';

/** Above it a filter by membership is evaluated over the resources instead of being sent as one long disjunction. */
const MOST_ALTERNATIVES = 100_000;

/** Of a user: the groups that hold it, of one kind or several. */
export function backlinkMapper(
  ref: AttributeRef,
  { sources, nested }: Pick<BacklinkNeed, 'sources' | 'nested'>,
): AttributeMapper {
  const need: BacklinkNeed = { kind: 'backlink', sources, nested };
  const names = new Set((ref.attribute.subAttributes ?? []).map((sub) => sub.name));
  const reads = [...new Set(sources.flatMap(({ by }) => by ?? []))];
  // Without it the groups in a group cost many searches, and their members could not be asked for all the same.
  const searchable = !nested || sources.every((source) => keyOf(source) !== undefined);
  const lookupOf = (term: FilterTerm): HolderLookup | undefined => {
    const id = assertedId(term);
    return id === undefined || !searchable ? undefined : { kind: 'holders', sources, nested, id };
  };
  return {
    ...unwritten(ref),
    reads: () => reads,
    needs: [need],
    toScim(entry, references) {
      const elements = references.findBacklinks(need, entry).map(({ target, direct }): JsonObject => {
        const shown: Record<string, JsonValue> = { value: target.id };
        if (names.has('$ref')) shown['$ref'] = target.location;
        if (target.display !== undefined && names.has('display')) shown['display'] = target.display;
        if (names.has('type')) shown['type'] = direct ? 'direct' : 'indirect';
        return shown;
      });
      return elements.length === 0 ? undefined : elements;
    },
    toFilter(term, references) {
      const lookup = lookupOf(term);
      if (lookup === undefined) return unknown;
      const holders = references.findHolders(lookup);
      return orBounds(
        sources.map((source) =>
          heldBy(
            source,
            holders.filter(({ type }) => type === source.type),
          ),
        ),
      );
    },
    filterLookups(term) {
      const lookup = lookupOf(term);
      return lookup === undefined ? [] : [lookup];
    },
  };
}

function assertedId(term: FilterTerm): string | undefined {
  if (term.kind === 'valuePath' && term.filter.kind === 'compare') {
    const { filter } = term;
    return assertedId({
      kind: 'compare',
      subAttribute: filter.ref.subAttribute?.name ?? 'value',
      operator: filter.operator,
      value: filter.value,
    });
  }
  if (term.kind !== 'compare' || term.operator !== 'eq' || (term.subAttribute ?? 'value') !== 'value') return undefined;
  return term.value.type === 'string' ? term.value.value : undefined;
}

/** By which attribute a filter finds those that the source points to. */
function keyOf({ by, kept, dnAttribute }: BacklinkSource): string | undefined {
  return by ?? kept ?? dnAttribute;
}

/** Whom the holders, all of the source's type, point to. */
function heldBy(source: BacklinkSource, holders: readonly ReferenceTarget[]): FilterBounds {
  if (holders.length === 0) return never;
  const key = keyOf(source);
  if (key === undefined) return unknown;
  const values =
    key === source.kept ? holders.map(({ dn }) => dn) : holders.flatMap((holder) => heldValues(source, holder));
  if (values.length > MOST_ALTERNATIVES) return unknown;
  const filter = or(...[...new Set(values)].map((value) => equality(key, value)));
  // The two sides may compare letter case differently: memberUid does, uid does not.
  return source.by === undefined || source.sameRule === true ? exactly(filter) : atMost(filter);
}
