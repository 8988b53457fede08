// Evaluates resolved filters over resources in memory. It is the definition of what a filter means (G20 to G39): what
// is pushed down to a directory has to give the same answer.
import { isJsonObject, type JsonValue } from '../json.ts';
import { getAttribute, type Resource } from '../resource.ts';
import { parseDateTime } from '../schema/date-time.ts';
import type { AttributeRef } from '../schema/schema.ts';
import { comparableString, comparableSubstring, compareText } from './compare.ts';
import type { CompareOperator, CompareValue, ResolvedFilter } from './filter.ts';
import { canonicalBase64 } from './type-value.ts';

/** Whether the filter holds for the resource. */
export function evaluateFilter(filter: ResolvedFilter, resource: Resource): boolean {
  return evaluate(filter, (ref) => {
    const { subAttribute, ...whole } = ref;
    const elements = listOf(getAttribute(resource, whole));
    return subAttribute === undefined ? elements : elements.flatMap((element) => member(element, subAttribute.name));
  });
}

/** Whether one element satisfies the filter in `[ ]`, whose terms name sub-attributes, or the element itself. */
export function evaluateOnElement(filter: ResolvedFilter, element: JsonValue): boolean {
  return evaluate(filter, (ref) =>
    ref.subAttribute === undefined ? listOf(element) : member(element, ref.subAttribute.name),
  );
}

/** G28: not null, not empty; a complex value is present if any of its parts is. */
export function isPresent(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (isList(value)) return value.some(isPresent);
  return isJsonObject(value) ? Object.values(value).some(isPresent) : true;
}

/** The values that a term speaks of: of an attribute, or of one sub-attribute of all elements. */
type ReadValues = (ref: AttributeRef) => readonly JsonValue[];

function evaluate(filter: ResolvedFilter, read: ReadValues): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((part) => evaluate(part, read));
    case 'or':
      return filter.filters.some((part) => evaluate(part, read));
    case 'not':
      return !evaluate(filter.filter, read);
    case 'present':
      return read(filter.ref).some(isPresent);
    case 'compare':
      return compareAny(filter.operator, read(filter.ref).filter(isPresent), filter.value, filter.ref);
    case 'valuePath':
      return read(filter.ref).some((element) => evaluateOnElement(filter.filter, element));
    case 'never':
      return false;
  }
}

// G26: any value may match; `ne` also holds where there is none.
function compareAny(
  operator: CompareOperator,
  values: readonly JsonValue[],
  wanted: CompareValue,
  ref: AttributeRef,
): boolean {
  const { caseExact } = ref.subAttribute ?? ref.attribute;
  if (operator === 'ne') {
    return values.length === 0 || values.some((value) => !holds('eq', value, wanted, caseExact));
  }
  return values.some((value) => holds(operator, value, wanted, caseExact));
}

type PositiveOperator = Exclude<CompareOperator, 'ne'>;

// A value that is not of the attribute's type equals nothing and has no place in an order.
function holds(operator: PositiveOperator, value: JsonValue, wanted: CompareValue, caseExact: boolean): boolean {
  switch (wanted.type) {
    case 'string':
      return typeof value === 'string' && holdsForText(operator, value, wanted.value, caseExact);
    case 'number':
      return typeof value === 'number' && holdsForOrder(operator, value - wanted.value);
    case 'dateTime': {
      const instant = typeof value === 'string' ? parseDateTime(value)?.milliseconds : undefined;
      return instant !== undefined && holdsForOrder(operator, instant - wanted.value);
    }
    case 'boolean':
      return operator === 'eq' && value === wanted.value;
    case 'binary':
      return operator === 'eq' && typeof value === 'string' && canonicalBase64(value) === wanted.value;
  }
}

function holdsForText(operator: PositiveOperator, value: string, wanted: string, caseExact: boolean): boolean {
  switch (operator) {
    case 'co':
      return comparableSubstring(value, caseExact).includes(comparableSubstring(wanted, caseExact));
    case 'sw':
      return comparableSubstring(value, caseExact).startsWith(comparableSubstring(wanted, caseExact));
    case 'ew':
      return comparableSubstring(value, caseExact).endsWith(comparableSubstring(wanted, caseExact));
    case 'eq':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return holdsForOrder(
        operator,
        compareText(comparableString(value, caseExact), comparableString(wanted, caseExact)),
      );
  }
}

function holdsForOrder(operator: PositiveOperator, difference: number): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    case 'co':
    case 'sw':
    case 'ew':
      return false;
  }
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function member(element: JsonValue, name: string): readonly JsonValue[] {
  return isJsonObject(element) && Object.hasOwn(element, name) ? listOf(element[name]) : [];
}
