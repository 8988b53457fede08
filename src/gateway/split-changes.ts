// Keeps each modify within what a directory takes in one. What fits goes in one modify, atomically; the values of a huge
// attribute go in several, added before others are removed, so that a group is never empty in between.

import type { AddRequest, Modification } from '../ldap/operations.ts';
import type { LdapAttribute } from '../ldap/value.ts';
import type { ValueChange } from '../mapping/mapper.ts';

export interface Step {
  readonly modifications: readonly Modification[];
  readonly valueChanges: readonly ValueChange[];
}

/** One step wherever everything fits into one; `most` values of one attribute do. */
export function splitChanges(
  modifications: readonly Modification[],
  valueChanges: readonly ValueChange[],
  most: number,
): Step[] {
  const isHuge = ({ operation, values }: Modification): boolean => operation !== 'replace' && values.length > most;
  const isLong = ({ add, remove }: ValueChange): boolean => add.length + remove.length > most;
  const huge = new Set(modifications.filter(isHuge).map(({ attribute }) => attribute));
  const first = modifications.filter(({ attribute }) => !huge.has(attribute));
  const parts = [...huge].flatMap((attribute) => {
    const own = modifications.filter((each) => each.attribute === attribute);
    const [adds, others] = [
      own.filter(({ operation }) => operation === 'add'),
      own.filter(({ operation }) => operation !== 'add'),
    ];
    return [...adds, ...others].flatMap((each) => splitModification(each, most));
  });
  const small = valueChanges.filter((each) => !isLong(each));
  const large = valueChanges.filter(isLong).flatMap((each) => splitValueChange(each, most));
  const steps = [
    { modifications: first, valueChanges: small },
    ...parts.map((part) => ({ modifications: [part], valueChanges: [] })),
    ...large.map((change) => ({ modifications: [], valueChanges: [change] })),
  ];
  return steps.filter((step) => step.modifications.length > 0 || step.valueChanges.length > 0);
}

/** The add, and the values that come after it. */
export function splitAdd(
  add: AddRequest,
  most: number,
): { readonly add: AddRequest; readonly rest: readonly Modification[] } {
  const attributes = add.attributes.map(({ type, values }): LdapAttribute => ({ type, values: values.slice(0, most) }));
  const rest = add.attributes.flatMap(({ type, values }) =>
    splitModification({ operation: 'add', attribute: type, values: values.slice(most) }, most),
  );
  return { add: { ...add, attributes }, rest: rest.filter(({ values }) => values.length > 0) };
}

function splitModification(modification: Modification, most: number): Modification[] {
  return chunk(modification.values, most).map((values) => ({ ...modification, values }));
}

function splitValueChange(change: ValueChange, most: number): ValueChange[] {
  return [
    ...chunk(change.add, most).map((add) => ({ ...change, add, remove: [] })),
    ...chunk(change.remove, most).map((remove) => ({ ...change, add: [], remove })),
  ];
}

function chunk<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length <= size) return items.length === 0 ? [] : [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
