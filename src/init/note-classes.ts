// Object classes of entries: what most are, and what new ones get.
import type { Landmarks } from '../ldap/dialects/landmarks.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { frequencies } from './count.ts';
import { isNamed, type TypeNotes } from './recognised.ts';

/** Of `names` the one that most entries have. */
export function mostUsualClass(sample: readonly LdapEntry[], names: readonly string[]): string {
  const [best] = names
    .map((name) => ({
      name,
      count: sample.filter((entry) => entry.strings('objectClass').some((each) => isNamed(each, name))).length,
    }))
    .toSorted((a, b) => b.count - a.count);
  return best?.name ?? '';
}

/** The classes that occur, with how often. */
export function classCounts(sample: readonly LdapEntry[]): string {
  return frequencies(sample.flatMap((entry) => entry.strings('objectClass')))
    .slice(0, 8)
    .map(({ value, count }) => `${value} ${count}`)
    .join(', ');
}

/** Notes down what new entries get, where the mapping gives them other classes. */
export function noteClasses(
  type: TypeNotes,
  classes: readonly string[],
  shipped: readonly string[],
  { comeByThemselves }: Landmarks,
  why: string,
): void {
  const own = classes.filter((name) => !comeByThemselves.has(name.toLowerCase()) && !isNamed(name, 'top'));
  const given = ['top', ...own];
  const isShipped =
    given.length === shipped.length && given.every((name) => shipped.some((each) => isNamed(name, each)));
  // OpenLDAP stores the classes that were given, and none of their superiors: those come with them.
  const isPart = own.every((name) => shipped.some((each) => isNamed(name, each)));
  if (own.length === 0 || isShipped || (isPart && shipped.length > 0)) return;
  type.entry.set('objectClasses', { yaml: `[${given.join(', ')}]`, why });
}
