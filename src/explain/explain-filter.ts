// What a SCIM filter becomes: the LDAP filter, whether the directory answers it alone, and the same for each of its terms,
// so that one sees which of them needs the second look. Pure.
import type { LdapFilter } from '../ldap/filter.ts';
import { and } from '../ldap/filter.ts';
import { printLdapFilter } from '../ldap/print-filter.ts';
import { type FilterBounds, isExact } from '../mapping/bounds.ts';
import type { CompiledMapping, ResourceMapping } from '../mapping/mapping.ts';
import { planFilter } from '../mapping/plan-filter.ts';
import { noReferences, type References, type ReferenceTarget } from '../mapping/references.ts';
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import { parseFilter } from '../scim/filter/parse.ts';
import { printResolvedFilter } from '../scim/filter/print.ts';
import { resolveFilter } from '../scim/filter/resolve.ts';
import { inventEntry } from './invent-entry.ts';

/** LDAP filters in the text form of RFC 4515. */
export interface TermExplanation {
  readonly scim: string;
  /** Matches at least what the SCIM filter matches. */
  readonly upper: string;
  /** Matches at most that. */
  readonly lower: string;
  /** Both are the same: the directory answers alone. Else the gateway evaluates the SCIM filter over what comes. */
  readonly exact: boolean;
}

export interface FilterExplanation extends TermExplanation {
  readonly resourceType: string;
  /** What is searched by: `upper` and what makes an entry one of the type. */
  readonly searched: string;
  /** The comparisons that the filter is made of; empty where it is one itself. */
  readonly terms: readonly TermExplanation[];
}

/** A filter of one type. Throws `ScimError` 400 invalidFilter. */
export function explainFilterText(
  text: string,
  mapping: ResourceMapping,
  compiled: CompiledMapping,
): FilterExplanation {
  return explainFilter(resolveFilter(parseFilter(text), mapping.type), mapping, compiled);
}

export function explainFilter(
  filter: ResolvedFilter,
  mapping: ResourceMapping,
  compiled: CompiledMapping,
): FilterExplanation {
  const references = inventReferences(compiled);
  const explain = (part: ResolvedFilter): TermExplanation & { readonly bounds: FilterBounds } => {
    const bounds = planFilter(part, mapping, references);
    const [upper, lower] = [printLdapFilter(bounds.upper), printLdapFilter(bounds.lower)];
    return { scim: printResolvedFilter(part), upper, lower, exact: isExact(bounds), bounds };
  };
  const { bounds, ...whole } = explain(filter);
  const parts = leaves(filter);
  const terms = parts.length < 2 ? [] : parts.map((part) => withoutBounds(explain(part)));
  const searched: LdapFilter = and(mapping.entry.filter, bounds.upper);
  return { resourceType: mapping.type.name, ...whole, searched: printLdapFilter(searched), terms };
}

function withoutBounds({ scim, upper, lower, exact }: TermExplanation): TermExplanation {
  return { scim, upper, lower, exact };
}

function leaves(filter: ResolvedFilter): readonly ResolvedFilter[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(leaves);
    case 'not':
      return leaves(filter.filter);
    case 'present':
    case 'compare':
    case 'valuePath':
    case 'never':
      return [filter];
  }
}

/** Every id has a resource, with an invented name. */
function inventReferences(compiled: CompiledMapping): References {
  const find = (id: string, types: readonly string[]): ReferenceTarget | undefined => {
    const mapping = compiled.resourceTypes.find(({ type }) => type.name === types[0]);
    const entry = mapping === undefined ? undefined : inventEntry(compiled, mapping, id);
    if (mapping === undefined || entry === undefined) return undefined;
    return { type: mapping.type.name, id, dn: entry.dn, location: '', entry };
  };
  return {
    ...noReferences,
    now: Date.now(),
    findById: find,
    findHolders: ({ id, sources }) =>
      [
        find(
          id,
          sources.map(({ type }) => type),
        ) ?? [],
      ].flat(),
  };
}
