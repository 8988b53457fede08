// What a mapping makes of the characteristics of a SCIM attribute (RFC 7643 s7): discovery, the parsers and the patch
// engine obey what comes out.
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import type { Mutability, SchemaAttribute } from '../scim/schema/schema.ts';
import type { MappedKey } from './compile-scope.ts';
import type { AttributeMappingObject } from './file/mapping-file.ts';
import { transformFactories } from './transforms/registry.ts';

const partsOfReferences = new Set(['value', '$ref', 'type', 'display', 'displayName']);
// Not `$ref`: a client may name the target by it alone (RFC 7643 s2.4).
const shownOnly = new Set(['display', 'displayName']);

/** Of the keys of one attribute, for it or for a sub-attribute of it; undefined where the mapping cannot hold it. */
export function characteristicsOf(
  keys: readonly MappedKey[],
  sub: string | undefined,
): Partial<SchemaAttribute> | undefined {
  const whole = keys.find((key) => key.target.subAttribute === undefined && key.target.filter === undefined);
  const special = keys.find(({ mapping }) => mapping.backlink !== undefined || mapping.reference !== undefined);
  if (sub === undefined) return whole === undefined ? {} : narrowed(whole.mapping);
  if (special !== undefined) {
    if (!partsOfReferences.has(sub)) return undefined;
    const readOnly = special.mapping.backlink !== undefined || special.mapping.access === 'readOnly';
    return readOnly || shownOnly.has(sub) ? { mutability: 'readOnly' } : {};
  }
  const own = keys.filter((key) => (key.target.subAttribute?.name ?? 'value') === sub);
  if (own.length > 0) return common(own.map(({ mapping }) => narrowed(mapping)));
  const constants = keys.flatMap((key) => assertedConstants(key.target.filter, sub));
  const texts = constants.filter((constant) => typeof constant === 'string');
  // `[primary eq true]` names the part without words to choose from.
  if (constants.length > 0) return texts.length === 0 ? {} : { canonicalValues: [...new Set(texts)] };
  if (sub !== 'primary' || !keys.some(({ mapping }) => mapping.primary === true)) return undefined;
  const kept = keys.some(({ mapping }) => transformFactories.get(mapping.transform ?? '')?.keepsPrimary === true);
  return kept ? {} : { mutability: 'readOnly' };
}

/** Whether no client may write what a key maps. */
export function isReadOnlyKey(mapping: AttributeMappingObject): boolean {
  return mutabilityOf(mapping) === 'readOnly';
}

function assertedConstants(filter: ResolvedFilter | undefined, sub: string): (string | number | boolean)[] {
  if (filter === undefined) return [];
  if (filter.kind === 'and') return filter.filters.flatMap((each) => assertedConstants(each, sub));
  return filter.kind === 'compare' && filter.ref.subAttribute?.name === sub ? [filter.value.value] : [];
}

/** The schema has one definition for the same sub-attribute of all types: it says what holds for each of them. */
function common(all: readonly Partial<SchemaAttribute>[]): Partial<SchemaAttribute> {
  const [first = {}, ...others] = all;
  const differs = others.some(({ mutability }) => mutability !== first.mutability);
  const { mutability: _one, ...rest } = Object.assign({}, ...[...all].reverse()) as Partial<SchemaAttribute>;
  return differs || first.mutability === undefined ? rest : { ...rest, mutability: first.mutability };
}

const mutabilities: Readonly<Record<NonNullable<AttributeMappingObject['access']>, Mutability>> = {
  readWrite: 'readWrite',
  readOnly: 'readOnly',
  writeOnce: 'immutable',
  writeOnly: 'writeOnly',
};

function mutabilityOf(mapping: AttributeMappingObject): Mutability | undefined {
  const computed = mapping.constant !== undefined || mapping.template !== undefined || mapping.backlink !== undefined;
  return computed ? 'readOnly' : mapping.access === undefined ? undefined : mutabilities[mapping.access];
}

/** What one key says itself. */
export function narrowed(mapping: AttributeMappingObject): Partial<SchemaAttribute> {
  const mutability = mutabilityOf(mapping);
  return {
    ...(mutability === undefined ? {} : { mutability }),
    ...(mutability === 'writeOnly' ? { returned: 'never' } : {}),
    ...(mapping.required === undefined ? {} : { required: mapping.required }),
    ...(mapping.caseExact === undefined ? {} : { caseExact: mapping.caseExact }),
    ...(mapping.returned === undefined ? {} : { returned: mapping.returned }),
    ...(mapping.uniqueness === undefined ? {} : { uniqueness: mapping.uniqueness }),
    ...(mapping.description === undefined ? {} : { description: mapping.description }),
  };
}
