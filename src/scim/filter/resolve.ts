// Resolves a parsed filter against a resource type: attributes found in any letter case, literals typed, combinations
// that mean nothing refused. Everything behind it (mapping, evaluation) relies on that and checks nothing again.
import type { ScimError } from '../error.ts';
import type { ClientProfile } from '../profile.ts';
import { findAttribute, findByName } from '../schema/find-attribute.ts';
import { type AttributeRef, attributeKey, type ResourceType, type SchemaAttribute } from '../schema/schema.ts';
import { printAttributePath } from './attribute-path.ts';
import type { AttributePath, CompareOperator, ResolvedFilter, ScimFilter } from './filter.ts';
import { errorAt, quote, type SourceText } from './lex.ts';
import { operatorsOfType, typeValue } from './type-value.ts';
import { explainUnknownAttribute, explainUnknownSubAttribute } from './unknown-attribute.ts';

export interface ResolveOptions {
  /** G31: what an unknown attribute is: an error, or one that no resource has (queries over several types). */
  readonly unknown?: 'reject' | 'never';
  /** G25: whether "True" in quotes is a boolean. */
  readonly booleanStrings?: BooleanStrings;
}

type BooleanStrings = ClientProfile['booleanStrings'];

/** The filter of a query over resources of one type. Throws 400 invalidFilter naming the attribute and its place. */
export function resolveFilter(filter: ScimFilter, type: ResourceType, options: ResolveOptions = {}): ResolvedFilter {
  return resolve(filter, {
    source: 'Filter',
    unknown: options.unknown ?? 'reject',
    booleanStrings: options.booleanStrings ?? 'accept',
    find: (path) => findAttribute(type, path),
    explain: (path) => explainUnknownAttribute(type, path),
  });
}

/** The filter in `[ ]` of a patch path; its terms name sub-attributes of `holder`. Throws 400 invalidFilter. */
export function resolveElementFilter(
  filter: ScimFilter,
  holder: AttributeRef,
  { booleanStrings = 'accept' }: Pick<ResolveOptions, 'booleanStrings'> = {},
): ResolvedFilter {
  return resolve(filter, elementScope(holder, { source: 'Path', unknown: 'reject', booleanStrings }));
}

/** Whether `[ ]` may follow: the attribute has several values, or sub-attributes (E39). */
export function hasElements(attribute: SchemaAttribute): boolean {
  return attribute.multiValued || attribute.type === 'complex';
}

/** A complex attribute without sub-attribute means its `value`, where it has one (G29). */
export function withDefaultSubAttribute(ref: AttributeRef): AttributeRef {
  if (ref.subAttribute !== undefined) return ref;
  const subAttribute = findByName(ref.attribute.subAttributes ?? [], 'value');
  return subAttribute === undefined ? ref : { ...ref, subAttribute };
}

/** True of `password` and its like, which no answer may depend on (G34). */
export function isSecret(ref: AttributeRef): boolean {
  return [ref.attribute, ref.subAttribute].some(
    (attribute) => attribute?.returned === 'never' || attribute?.mutability === 'writeOnly',
  );
}

type Term = Exclude<ScimFilter, { readonly kind: 'and' | 'or' | 'not' }>;

interface ScopeRules {
  readonly source: SourceText['name'];
  readonly unknown: 'reject' | 'never';
  readonly booleanStrings: BooleanStrings;
}

interface Scope extends ScopeRules {
  find(path: AttributePath): AttributeRef | undefined;
  explain(path: AttributePath): string;
}

const never: ResolvedFilter = { kind: 'never' };

function resolve(filter: ScimFilter, scope: Scope): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, filters: filter.filters.map((part) => resolve(part, scope)) };
    case 'not':
      return { kind: 'not', filter: resolve(filter.filter, scope) };
    case 'present':
    case 'compare':
    case 'valuePath':
      return resolveTerm(filter, scope);
  }
}

function resolveTerm(term: Term, scope: Scope): ResolvedFilter {
  const ref = scope.find(term.path);
  if (ref === undefined) {
    if (scope.unknown === 'reject') throw fault(term, scope, scope.explain(term.path));
    return isTrueWithoutValue(term) ? { kind: 'not', filter: never } : never;
  }
  if (isSecret(ref)) throw fault(term, scope, `${attributeKey(ref)} cannot be used in a filter.`);
  switch (term.kind) {
    case 'present':
      return { kind: 'present', ref };
    case 'compare':
      return term.value === null
        ? resolveNull(term, ref, scope)
        : resolveComparison({ ...term, value: term.value }, withDefaultSubAttribute(ref), scope);
    case 'valuePath':
      return resolveValuePath(term, ref, scope);
  }
}

// G26, G27: `ne` holds where there is no value, `eq null` says that there is none.
function isTrueWithoutValue(term: Term): boolean {
  return term.kind === 'compare' && (term.value === null ? term.operator === 'eq' : term.operator === 'ne');
}

function resolveNull(
  term: Term & { readonly operator: CompareOperator },
  ref: AttributeRef,
  scope: Scope,
): ResolvedFilter {
  if (term.operator === 'ne') return { kind: 'present', ref };
  if (term.operator === 'eq') return { kind: 'not', filter: { kind: 'present', ref } };
  throw fault(term, scope, 'null can only be compared by eq and ne.');
}

function resolveComparison(
  term: Term & { readonly operator: CompareOperator; readonly value: string | number | boolean },
  ref: AttributeRef,
  scope: Scope,
): ResolvedFilter {
  const attribute = ref.subAttribute ?? ref.attribute;
  const { operator } = term;
  const name = attributeKey(ref);
  if (attribute.type === 'complex') {
    const names = (attribute.subAttributes ?? []).map((sub) => `${name}.${sub.name}`);
    throw fault(term, scope, `${name} is complex; compare a sub-attribute: ${names.join(', ')}.`);
  }
  const operators = operatorsOfType[attribute.type];
  if (!operators.includes(operator)) {
    throw fault(term, scope, `${name} is of type ${attribute.type}, which knows ${operators.join(', ')} and pr only.`);
  }
  const value = typeValue(term.value, attribute, scope.booleanStrings);
  if ('expected' in value) {
    const found = typeof term.value === 'string' ? quote(JSON.stringify(term.value)) : String(term.value);
    throw fault(term, scope, `${name} takes ${value.expected}, not ${found}.`);
  }
  return { kind: 'compare', operator, ref, value };
}

function resolveValuePath(
  term: Term & { readonly kind: 'valuePath' },
  ref: AttributeRef,
  scope: Scope,
): ResolvedFilter {
  if (ref.subAttribute !== undefined || !hasElements(ref.attribute)) {
    throw fault(term, scope, `"[ ]" cannot follow ${attributeKey(ref)}, which has no elements.`);
  }
  return {
    kind: 'valuePath',
    ref,
    filter: resolve(term.filter, elementScope(ref, scope)),
  };
}

function elementScope(holder: AttributeRef, { source, unknown, booleanStrings }: ScopeRules): Scope {
  const { attribute } = holder;
  const find = (path: AttributePath): AttributeRef | undefined => {
    if (path.urn !== undefined || path.subAttribute !== undefined) return undefined;
    if (attribute.type !== 'complex') return path.attribute.toLowerCase() === 'value' ? holder : undefined;
    const subAttribute = findByName(attribute.subAttributes ?? [], path.attribute);
    return subAttribute === undefined ? undefined : { ...holder, subAttribute };
  };
  const explain = (path: AttributePath): string =>
    attribute.type === 'complex'
      ? explainUnknownSubAttribute(attribute, printAttributePath(path))
      : `the values of ${attribute.name} are simple; inside "[ ]" they are called value.`;
  return { source, unknown, booleanStrings, find, explain };
}

function fault(term: Term, scope: Scope, message: string): ScimError {
  return errorAt({ name: scope.source }, term.position, message);
}
