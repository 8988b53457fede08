// Chooses values of entries in memory (RFC 3876): those that match one of several tests. What it leaves out is what OpenLDAP
// 2.5 leaves out, attributes without a chosen value included.
import { LdapEntry } from './entry.ts';
import { type LdapTest, present } from './filter.ts';
import { compileFilter, type EntryPredicate } from './match-filter.ts';
import { findEqualityKey } from './matching-rules.ts';
import type { Subschema } from './subschema/subschema.ts';

type ValueTest = (value: Buffer) => boolean;

/** Entries keep their DN and what was dereferenced. */
export function compileMatchedValues(
  tests: readonly LdapTest[],
  subschema: Subschema,
): (entry: LdapEntry) => LdapEntry {
  const compiled = new Map<string, ValueTest>();
  return ({ dn, attributes, dereferenced }) => {
    const chosen = new Map<string, readonly Buffer[]>();
    for (const [description, values] of attributes) {
      const test = compiled.get(description) ?? compileFor(description, tests, subschema);
      compiled.set(description, test);
      const matching = values.filter(test);
      if (matching.length > 0) chosen.set(description, matching);
    }
    return new LdapEntry(dn, chosen, dereferenced);
  };
}

/** Tests of other attributes are left out, and those of equality compared by one key: a group has very many values. */
function compileFor(description: string, tests: readonly LdapTest[], subschema: Subschema): ValueTest {
  const alone = (value: Buffer): LdapEntry => new LdapEntry('', new Map([[description.toLowerCase(), [value]]]));
  const probe = alone(Buffer.alloc(0));
  const concerns = (name: string): boolean => compileFilter(present(name), subschema)(probe) === true;
  /** By equality rule. */
  const keys = new Map<string, Set<string>>();
  const others: EntryPredicate[] = [];
  for (const test of tests) {
    if (test.attribute !== undefined && !concerns(test.attribute)) continue;
    if (test.kind !== 'equality') others.push(compileFilter(test, subschema));
    else {
      const rule = subschema.attributeType(test.attribute)?.equality;
      const key = rule === undefined ? undefined : findEqualityKey(rule, test.value);
      if (rule !== undefined && key !== undefined) keys.set(rule, (keys.get(rule) ?? new Set()).add(key));
    }
  }
  return (value) => {
    for (const [rule, wanted] of keys) {
      const key = findEqualityKey(rule, value);
      if (key !== undefined && wanted.has(key)) return true;
    }
    return others.some((matches) => matches(alone(value)) === true);
  };
}
