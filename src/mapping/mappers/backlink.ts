// A backlink shows who points here: `groups` of a user are the groups whose `members` hold the user. It is computed and
// never written; the other side's reference is the one truth.
import { equality, or } from '../../ldap/filter.ts';
import type { JsonObject, JsonValue } from '../../scim/json.ts';
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { atMost, exactly, type FilterBounds, never, unknown } from '../bounds.ts';
import type { AttributeMapper, FilterTerm } from '../mapper.ts';
import type { LookupNeed, ReferenceNeed, References } from '../references.ts';
import { unwritten } from './simple.ts';

export interface BacklinkRule {
  /** Resource type and LDAP attribute that point here. */
  readonly type: string;
  readonly attribute: string;
  /** Attribute of this entry whose value the other side holds; absent: the DN. */
  readonly by?: string;
  /** The directory answers filters on entryDN (RFC 5020). */
  readonly matchEntryDn: boolean;
}

/** Above it a filter by membership is evaluated over the resources instead of being sent as one long disjunction. */
const MOST_ALTERNATIVES = 100_000;

/** Of a user: the groups that hold it. */
export function backlinkMapper(ref: AttributeRef, rule: BacklinkRule): AttributeMapper {
  const need: ReferenceNeed & { kind: 'backlink' } = {
    kind: 'backlink',
    type: rule.type,
    attribute: rule.attribute,
    ...(rule.by === undefined ? {} : { by: rule.by }),
  };
  const names = new Set((ref.attribute.subAttributes ?? []).map((sub) => sub.name));
  return {
    ...unwritten(ref),
    reads: () => (rule.by === undefined ? [] : [rule.by]),
    needs: [need],
    toScim(entry, references) {
      const elements = references.findBacklinks(need, entry).map((target): JsonObject => {
        const shown: Record<string, JsonValue> = { value: target.id };
        if (names.has('$ref')) shown['$ref'] = target.location;
        if (target.display !== undefined && names.has('display')) shown['display'] = target.display;
        if (names.has('type')) shown['type'] = 'direct';
        return shown;
      });
      return elements.length === 0 ? undefined : elements;
    },
    toFilter: (term, references) => backlinkFilter(rule, term, references),
    filterLookups: (term) => {
      const id = assertedId(term);
      return id === undefined
        ? []
        : [{ kind: 'values', type: rule.type, id, attribute: rule.attribute } satisfies LookupNeed];
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

function backlinkFilter(rule: BacklinkRule, term: FilterTerm, references: References): FilterBounds {
  const id = assertedId(term);
  if (id === undefined) return unknown;
  const values = references.findValues(rule.type, id);
  if (values === undefined) return never;
  const attribute = rule.by ?? (rule.matchEntryDn ? 'entryDN' : undefined);
  if (attribute === undefined || values.length > MOST_ALTERNATIVES) return unknown;
  const filter = or(...values.map((value) => equality(attribute, value)));
  // The two sides may compare letter case differently: memberUid does, uid does not.
  return rule.by === undefined ? exactly(filter) : atMost(filter);
}
