// The keys of a complex attribute -> its slots. Keys with the same brackets make one slot.
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import type { JsonValue } from '../scim/json.ts';
import { type AttributeRef, attributeKey, type ResourceType } from '../scim/schema/schema.ts';
import { compileLeaf } from './compile-leaf.ts';
import type { CompileScope, MappedKey } from './compile-scope.ts';
import { compileTemplateAt } from './compile-template.ts';
import type { Filling } from './fill-in.ts';
import { adjustmentOf, type Leaf } from './leaf.ts';
import type { AttributeMapper } from './mapper.ts';
import { complexMapper } from './mappers/complex.ts';
import type { Slot } from './mappers/slot.ts';

interface Group {
  readonly selector: Readonly<Record<string, JsonValue>>;
  readonly constants: Record<string, JsonValue>;
  readonly leaves: Map<string, Leaf>;
  primary: boolean;
}

/** Reports what cannot be mapped, and makes a mapper of the rest. */
export function compileComplex(
  ref: AttributeRef,
  keys: readonly MappedKey[],
  type: ResourceType,
  scope: CompileScope,
): AttributeMapper {
  const defaults: Filling[] = [];
  const templates: { filling: Filling; group: Group }[] = [];
  const groups = new Map<string, Group>();
  const choiceKey = keys.find((key) => isChoice(ref, key));
  for (const key of keys) {
    if (key === choiceKey) continue;
    const name = key.target.subAttribute?.name ?? 'value';
    const definition = (ref.attribute.subAttributes ?? []).find((sub) => sub.name === name);
    if (definition === undefined || isVersion(ref, name)) continue;
    const selector = selectorOf(key, scope);
    const group = groupOf(groups, selector);
    const { mapping } = key;
    const place = ref.attribute.multiValued ? { subAttribute: name, selector } : { subAttribute: name };
    if (mapping.template !== undefined) {
      const template = compileTemplateAt(mapping.template, [...key.path, 'template'], type, scope);
      if (template !== undefined) templates.push({ filling: { ...place, template, creates: false }, group });
      continue;
    }
    if (mapping.constant !== undefined) {
      group.constants[name] = mapping.constant;
      continue;
    }
    if (mapping.attribute === undefined) continue;
    const leaf = compileLeaf(definition, key, scope);
    group.leaves.set(name, leaf);
    group.primary ||= mapping.primary === true;
    if (mapping.default === undefined) continue;
    const template = compileTemplateAt(mapping.default, [...key.path, 'default'], type, scope);
    const { follow: follows = false } = mapping;
    if (template !== undefined) defaults.push({ ...place, template, ...adjustmentOf(leaf), creates: true, follows });
  }
  const slots = [...groups.values()].map((group): Slot => {
    const [only] = group.leaves.values();
    // `[primary eq true]` can be true of one element alone.
    const several = ref.attribute.multiValued && group.selector['primary'] === undefined;
    const repeated = several && group.leaves.size === 1 && only !== undefined && !only.singleValued;
    return { ...group, repeated, choice: choiceKey !== undefined };
  });
  const fillings = {
    defaults,
    // Where the directory holds nothing of an element, the template is what there is.
    templates: templates.map(({ filling, group }) => ({ ...filling, creates: group.leaves.size === 0 })),
  };
  return complexMapper(ref, slots, fillings, choiceKey && compileChoice(ref, choiceKey, slots, scope));
}

/** `emails.primary`: which of all values is the primary one. */
function isChoice(ref: AttributeRef, { target, mapping }: MappedKey): boolean {
  const { subAttribute, filter } = target;
  return (
    ref.attribute.multiValued &&
    subAttribute?.name === 'primary' &&
    filter === undefined &&
    mapping.attribute !== undefined
  );
}

/** The attribute keeps a copy of the value, so it converts as the value does. */
function compileChoice(
  ref: AttributeRef,
  key: MappedKey,
  slots: readonly Slot[],
  scope: CompileScope,
): Leaf | undefined {
  const value = (ref.attribute.subAttributes ?? []).find(({ name }) => name === 'value');
  if (value === undefined || slots.some(({ selector }) => selector['primary'] !== undefined)) {
    scope.report(
      'MAP103',
      key.path,
      `${key.key} has no value to be a copy of, or a key says [primary eq true] already`,
      'keep one of them',
    );
    return undefined;
  }
  return { ...compileLeaf(value, key, scope), singleValued: true };
}

function groupOf(groups: Map<string, Group>, selector: Group['selector']): Group {
  const id = JSON.stringify(Object.entries(selector).sort(([a], [b]) => (a < b ? -1 : 1)));
  const known = groups.get(id);
  if (known !== undefined) return known;
  const group: Group = { selector, constants: { ...selector }, leaves: new Map(), primary: false };
  groups.set(id, group);
  return group;
}

function isVersion(ref: AttributeRef, name: string): boolean {
  return attributeKey(ref) === 'meta' && name === 'version';
}

/** `[type eq "work"]` -> `{ type: 'work' }`. */
function selectorOf(key: MappedKey, scope: CompileScope): Group['selector'] {
  const selector: Record<string, JsonValue> = {};
  const visit = (filter: ResolvedFilter): void => {
    if (filter.kind === 'and') filter.filters.forEach(visit);
    else if (filter.kind === 'compare' && filter.operator === 'eq' && filter.ref.subAttribute !== undefined) {
      selector[filter.ref.subAttribute.name] = filter.value.value;
    } else {
      scope.report(
        'MAP103',
        key.path,
        'only eq and "and" can be in the brackets of a mapping',
        'write emails[type eq "work"].value',
      );
    }
  };
  if (key.target.filter !== undefined) visit(key.target.filter);
  return selector;
}
