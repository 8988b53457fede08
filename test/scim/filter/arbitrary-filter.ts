// Generators of parsed filters.
import fc from 'fast-check';
import type { AttributePath, CompareOperator, ScimFilter } from '../../../src/scim/filter/filter.ts';

export interface FilterLanguage {
  readonly name: fc.Arbitrary<string>;
  readonly urn: fc.Arbitrary<string>;
  readonly value: fc.Arbitrary<string | number | boolean | null>;
}

export const operators: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** Attribute names of the grammar that are no keywords. */
export const attributeName: fc.Arbitrary<string> = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/)
  .filter((name) => !['and', 'or', 'not'].includes(name.toLowerCase()));

/** Any value of the grammar. */
export const anyValue: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed()),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

/** Filters of small size over the given names and values. */
export function arbitraryFilter(language: FilterLanguage): fc.Arbitrary<ScimFilter> {
  const bare = path(language, false);
  const full = path(language, true);
  const term = (paths: fc.Arbitrary<AttributePath>): fc.Arbitrary<ScimFilter> =>
    fc.oneof(
      paths.map((path): ScimFilter => ({ kind: 'present', path, position: 0 })),
      fc
        .record({ operator: fc.constantFrom(...operators), path: paths, value: language.value })
        .map((parts): ScimFilter => ({ kind: 'compare', ...parts, position: 0 })),
    );
  const elementFilter = tree(term(bare), 2);
  const valuePath = fc
    .record({ path: full.map(({ subAttribute: _sub, ...whole }) => whole), filter: elementFilter })
    .map((parts): ScimFilter => ({ kind: 'valuePath', ...parts, position: 0 }));
  return tree(fc.oneof({ arbitrary: term(full), weight: 3 }, { arbitrary: valuePath, weight: 1 }), 3);
}

/** Positions set to 0, so that filters from different texts compare. */
export function withoutPositions(filter: ScimFilter): ScimFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, filters: filter.filters.map(withoutPositions) };
    case 'not':
      return { kind: 'not', filter: withoutPositions(filter.filter) };
    case 'valuePath':
      return { ...filter, filter: withoutPositions(filter.filter), position: 0 };
    case 'present':
    case 'compare':
      return { ...filter, position: 0 };
  }
}

function path({ name, urn }: FilterLanguage, withUrn: boolean): fc.Arbitrary<AttributePath> {
  return fc
    .record({
      urn: withUrn ? fc.option(urn, { nil: undefined, freq: 4 }) : fc.constant(undefined),
      attribute: name,
      subAttribute: fc.option(name, { nil: undefined }),
    })
    .map((parts) => ({
      ...(parts.urn === undefined ? {} : { urn: parts.urn }),
      attribute: parts.attribute,
      ...(parts.subAttribute === undefined ? {} : { subAttribute: parts.subAttribute }),
    }));
}

function tree(leaf: fc.Arbitrary<ScimFilter>, depth: number): fc.Arbitrary<ScimFilter> {
  if (depth === 0) return leaf;
  const below = tree(leaf, depth - 1);
  const filters = fc.array(below, { minLength: 2, maxLength: 3 });
  return fc.oneof(
    { arbitrary: leaf, weight: 2 },
    { arbitrary: filters.map((parts): ScimFilter => ({ kind: 'and', filters: parts })), weight: 1 },
    { arbitrary: filters.map((parts): ScimFilter => ({ kind: 'or', filters: parts })), weight: 1 },
    { arbitrary: below.map((filter): ScimFilter => ({ kind: 'not', filter })), weight: 1 },
  );
}
