// What a mapping computes from other SCIM attributes: templates when a resource is shown, defaults when one is written.
// Both work on canonical resources and know nothing of the directory.
import { equalJson } from '../scim/equal-resources.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { getAttribute, type Resource, withAttribute } from '../scim/resource.ts';
import type { AttributeRef, SchemaAttribute } from '../scim/schema/schema.ts';
import { fillTemplate, type Template } from './template.ts';

/** A template and the place that its text is for. */
export interface Filling {
  readonly template: Template;
  /** Absent: the attribute itself. */
  readonly subAttribute?: string;
  /** Which value of a multi-valued attribute: `{ type: 'work' }`. */
  readonly selector?: JsonObject;
  /** Makes of the text what the place takes. */
  readonly adjust?: (text: string) => string | undefined;
  /** A value that is not there is made, rather than only completed. */
  readonly creates: boolean;
  /** Of a default: the value changes with what it is made of. */
  readonly follows?: boolean;
}

/** The parts of a mapper that matter here. */
export interface Filled {
  readonly ref: AttributeRef;
  readonly templates: readonly Filling[];
  readonly defaults: readonly Filling[];
}

/** With everything that templates compute. One may read what another one makes. */
export function fillTemplates(resource: Resource, mappers: readonly Filled[]): Resource {
  const places = mappers.flatMap(({ ref, templates }) => templates.map((filling) => ({ ref, filling })));
  return untilStable(resource, places.length, (before) =>
    places.reduce((filled, { ref, filling }) => {
      const text = textOf(filling, filled);
      return text === undefined ? filled : fill(filled, ref, filling, text, true);
    }, before),
  );
}

/** With what the mapping has a default for and the resource has no value of. One default may read another one. */
export function withDefaults(resource: Resource, mappers: readonly Filled[]): Resource {
  const places = mappers.flatMap(({ ref, defaults }) => defaults.map((filling) => ({ ref, filling })));
  return untilStable(resource, places.length, (before) =>
    places.reduce((filled, { ref, filling }) => {
      const text = textOf(filling, filled);
      return text === undefined ? filled : fill(filled, ref, filling, text, false);
    }, before),
  );
}

/**
 * `after` a change, without the values that a default made of `before`, that shall follow, and that the change does not
 * name: `withDefaults` makes them anew.
 */
export function withoutFollowing(before: Resource, after: Resource, mappers: readonly Filled[]): Resource {
  const places = mappers.flatMap(({ ref, defaults }) =>
    defaults.flatMap((filling) => (filling.follows === true ? [{ ref, filling }] : [])),
  );
  return places.reduce((changed, { ref, filling }) => {
    const isAsBefore = (resource: Resource): boolean =>
      equalJson(partAt(resource, ref, filling), partAt(before, ref, filling));
    const isMade = isAsBefore(withDefaults(without(before, ref, filling), mappers));
    return isMade && isAsBefore(after) ? without(changed, ref, filling) : changed;
  }, after);
}

/** The elements, or the value, that a filling is for, as far as it fills them. */
function partAt(resource: Resource, ref: AttributeRef, { subAttribute, selector = {} }: Filling): JsonValue {
  const elements = [getAttribute(resource, ref) ?? []].flat() as readonly JsonValue[];
  if (subAttribute === undefined) return [...elements];
  return elements.flatMap((each) =>
    isJsonObject(each) && isSelected(each, selector) ? (each[subAttribute] ?? []) : [],
  );
}

function without(resource: Resource, ref: AttributeRef, { subAttribute, selector = {} }: Filling): Resource {
  if (subAttribute === undefined) return withAttribute(resource, ref, undefined);
  const bare = (value: JsonValue): JsonValue => {
    if (!isJsonObject(value) || !isSelected(value, selector)) return value;
    const { [subAttribute]: _gone, ...others } = value;
    return others;
  };
  const value = getAttribute(resource, ref);
  if (value === undefined) return resource;
  return withAttribute(resource, ref, Array.isArray(value) ? (value as readonly JsonValue[]).map(bare) : bare(value));
}

function textOf({ template, adjust }: Filling, resource: Resource): string | undefined {
  const text = fillTemplate(template, resource);
  return text === undefined || adjust === undefined ? text : adjust(text);
}

/** Bounded: templates that read each other in a circle would go on for ever. */
function untilStable(resource: Resource, rounds: number, round: (resource: Resource) => Resource): Resource {
  let current = resource;
  for (let count = 0; count < rounds; count += 1) {
    const next = round(current);
    if (equalJson(next, current)) return current;
    current = next;
  }
  return current;
}

function fill(resource: Resource, ref: AttributeRef, filling: Filling, text: string, overwrite: boolean): Resource {
  const { attribute } = ref;
  const { subAttribute } = filling;
  const present = getAttribute(resource, ref);
  if (subAttribute === undefined) {
    if (present !== undefined && !overwrite) return resource;
    const value = typed(text, attribute);
    return withAttribute(resource, ref, attribute.multiValued ? [value] : value);
  }
  const definition = attribute.subAttributes?.find(({ name }) => name === subAttribute) ?? attribute;
  const value = typed(text, definition);
  const completed = (element: JsonObject): JsonObject =>
    overwrite || element[subAttribute] === undefined ? { ...element, [subAttribute]: value } : element;
  if (!attribute.multiValued) {
    return withAttribute(resource, ref, completed(isJsonObject(present) ? present : {}));
  }
  const elements = Array.isArray(present) ? (present as readonly JsonValue[]) : [];
  const { selector = {}, creates } = filling;
  const belongs = (element: JsonValue): element is JsonObject => isJsonObject(element) && isSelected(element, selector);
  if (elements.some(belongs)) {
    return withAttribute(
      resource,
      ref,
      elements.map((element) => (belongs(element) ? completed(element) : element)),
    );
  }
  return creates ? withAttribute(resource, ref, [...elements, { ...selector, [subAttribute]: value }]) : resource;
}

/** Whether an element is one that the brackets of a mapping key speak of. */
export function isSelected(element: JsonObject, selector: JsonObject): boolean {
  return Object.entries(selector).every(([name, wanted]) => sameText(element[name], wanted));
}

/** Letter case does not tell constants apart. */
export function sameText(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  const form = (value: JsonValue | undefined) => (typeof value === 'string' ? value.toLowerCase() : value);
  return form(left) === form(right);
}

/** Templates make text; a number is what the text says. */
function typed(text: string, { type }: SchemaAttribute): JsonValue {
  if (type === 'boolean') return text === 'true';
  return type === 'integer' || type === 'decimal' ? Number(text) : text;
}
