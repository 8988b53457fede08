// Filters as text: parsed ones so that parsing the text gives the same filter again, resolved ones for logs and
// `explain`. Parentheses only where the grammar needs them to keep the structure.

import { attributeKey } from '../schema/schema.ts';
import { printAttributePath } from './attribute-path.ts';
import type { CompareValue, ResolvedFilter, ScimFilter } from './filter.ts';

/** RFC 7644 text of a filter; `parseFilter` reads it back. */
export function printFilter(filter: ScimFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return joinParts(filter.kind, filter.filters, printFilter);
    case 'not':
      return `not (${printFilter(filter.filter)})`;
    case 'present':
      return `${printAttributePath(filter.path)} pr`;
    case 'compare':
      return `${printAttributePath(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'valuePath':
      return `${printAttributePath(filter.path)}[${printFilter(filter.filter)}]`;
  }
}

/** The same for a resolved filter, names in the schema's spelling; `never` has no RFC form and prints as `(never)`. */
export function printResolvedFilter(filter: ResolvedFilter): string {
  return printResolved(filter, false);
}

function printResolved(filter: ResolvedFilter, brackets: boolean): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return joinParts(filter.kind, filter.filters, (part) => printResolved(part, brackets));
    case 'not':
      return `not (${printResolved(filter.filter, brackets)})`;
    case 'present':
      return `${brackets ? (filter.ref.subAttribute?.name ?? 'value') : attributeKey(filter.ref)} pr`;
    case 'compare': {
      const name = brackets ? (filter.ref.subAttribute?.name ?? 'value') : attributeKey(filter.ref);
      return `${name} ${filter.operator} ${JSON.stringify(literal(filter.value))}`;
    }
    case 'valuePath':
      return `${attributeKey(filter.ref)}[${printResolved(filter.filter, true)}]`;
    case 'never':
      return '(never)';
  }
}

function joinParts<F extends ScimFilter | ResolvedFilter>(
  kind: 'and' | 'or',
  filters: readonly F[],
  print: (filter: F) => string,
): string {
  return filters
    .map((part) => (part.kind === kind || (kind === 'and' && part.kind === 'or') ? `(${print(part)})` : print(part)))
    .join(` ${kind} `);
}

function literal(value: CompareValue): string | number | boolean {
  return value.type === 'dateTime' ? value.text : value.value;
}
