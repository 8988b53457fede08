// A backlink shows who points here: `groups` of a user are the groups whose `members` hold the user. It is computed and
// never written; the other side's reference is the one truth.
import { equality, or } from '../../ldap/filter.ts';
import type { JsonObject, JsonValue } from '../../scim/json.ts';
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { atMost, exactly, type FilterBounds, never, orBounds, unknown } from '../bounds.ts';
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
  /** Attribute of this entry in which the directory itself keeps the DNs of those that point here. */
  readonly kept?: string;
}

/** Above it a filter by membership is evaluated over the resources instead of being sent as one long disjunction. */
const MOST_ALTERNATIVES = 100_000;

/** Of a user: the groups that hold it, of one kind or several. */
export function backlinkMapper(ref: AttributeRef, rules: readonly BacklinkRule[]): AttributeMapper {
  const needs = rules.map(needOf);
  const names = new Set((ref.attribute.subAttributes ?? []).map((sub) => sub.name));
  const reads = [...new Set(rules.flatMap(({ by }) => by ?? []))];
  return {
    ...unwritten(ref),
    reads: () => reads,
    needs,
    toScim(entry, references) {
      const targets = needs.flatMap((need) => references.findBacklinks(need, entry));
      const elements = targets.map((target): JsonObject => {
        const shown: Record<string, JsonValue> = { value: target.id };
        if (names.has('$ref')) shown['$ref'] = target.location;
        if (target.display !== undefined && names.has('display')) shown['display'] = target.display;
        if (names.has('type')) shown['type'] = 'direct';
        return shown;
      });
      return elements.length === 0 ? undefined : elements;
    },
    toFilter: (term, references) => {
      const id = assertedId(term);
      return id === undefined ? unknown : orBounds(rules.map((rule) => backlinkFilter(rule, id, references)));
    },
    filterLookups: (term) => {
      const id = assertedId(term);
      if (id === undefined) return [];
      return rules.map(
        ({ type, attribute, kept }): LookupNeed =>
          kept === undefined ? { kind: 'values', type, id, attribute } : { kind: 'ids', types: [type], ids: [id] },
      );
    },
  };
}

function needOf({ type, attribute, by }: BacklinkRule): ReferenceNeed & { kind: 'backlink' } {
  return { kind: 'backlink', type, attribute, ...(by === undefined ? {} : { by }) };
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

function backlinkFilter(rule: BacklinkRule, id: string, references: References): FilterBounds {
  if (rule.kept !== undefined) {
    const target = references.findById(id, [rule.type]);
    return target === undefined ? never : exactly(equality(rule.kept, target.dn));
  }
  const values = references.findValues(rule.type, id);
  if (values === undefined) return never;
  const attribute = rule.by ?? (rule.matchEntryDn ? 'entryDN' : undefined);
  if (attribute === undefined || values.length > MOST_ALTERNATIVES) return unknown;
  const filter = or(...values.map((value) => equality(attribute, value)));
  // The two sides may compare letter case differently: memberUid does, uid does not.
  return rule.by === undefined ? exactly(filter) : atMost(filter);
}
