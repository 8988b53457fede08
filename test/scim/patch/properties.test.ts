// What must hold for any resource and any operations, not only for those of the table.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { equalResources } from '../../../src/scim/equal-resources.ts';
import { ScimError } from '../../../src/scim/error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/scim/json.ts';
import { applyPatch } from '../../../src/scim/patch/apply-patch.ts';
import { parsePatch } from '../../../src/scim/patch/parse-patch.ts';
import type { PatchOperation } from '../../../src/scim/patch/patch.ts';
import { interop } from '../../../src/scim/profile.ts';
import type { Resource } from '../../../src/scim/resource.ts';
import { urns } from '../../../src/scim/urns.ts';
import { validateResource } from '../../../src/scim/validate-resource.ts';
import { core, enterprise, userType } from '../sample.ts';

const word = fc.constantFrom('a', 'b', 'C', 'ä', 'work', 'home', 'True', '');
const element = fc.record(
  {
    value: word,
    type: fc.constantFrom('work', 'home', 'other'),
    primary: fc.constantFrom(true, false, 'True'),
    display: word,
  },
  { requiredKeys: ['value'] },
);
const elements = fc.array(element, { maxLength: 4 });
const name = fc.record({ givenName: word, familyName: fc.option(word), middleName: word }, { requiredKeys: [] });
const manager = fc.oneof(
  fc.record({ value: word }),
  word,
  fc.record({ $ref: fc.constant('../Users/x') }).map((ref) => [ref]),
);
const attributes = fc.record(
  {
    title: fc.option(word),
    active: fc.boolean(),
    name,
    emails: elements,
    roles: elements,
    [enterprise]: fc.record({ department: word, manager }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const hostile = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '__proto__.x',
  'constructor.prototype',
);

const path = fc.constantFrom(
  'title',
  'name',
  'name.givenName',
  'emails',
  'emails.type',
  'emails[type eq "work"]',
  'emails[type eq "home"].value',
  'emails[primary eq true].primary',
  'emails[not (value co "a")].display',
  'roles[value eq "a" and type eq "work"]',
  'manager',
  'manager.value',
  'manager[value eq "a"]',
  `${enterprise}:department`,
  enterprise,
  'userName',
  'id',
  'groups',
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  word,
  fc.boolean(),
  elements,
  element,
  name,
  attributes,
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
);
const operation = fc.record(
  { op: fc.constantFrom('add', 'Replace', 'remove'), path: fc.oneof({ weight: 8, arbitrary: path }, hostile), value },
  { requiredKeys: ['op'] },
);
const operations = fc.array(operation, { minLength: 1, maxLength: 4 });

/** A canonical resource, or undefined where the generated one has two primary values. */
function makeUser(given: object): Resource | undefined {
  return attempt(() =>
    validateResource({ schemas: [core], userName: 'u', ...given }, userType, { mode: 'create', profile: interop }),
  );
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    assert.ok(error instanceof ScimError, String(error));
    assert.equal(error.status, 400);
    return undefined;
  }
}

function parse(given: unknown): PatchOperation[] | undefined {
  return attempt(() => parsePatch({ schemas: [urns.patchOp], Operations: given }, userType, interop));
}

function freezeDeep<T>(given: T): T {
  if (typeof given === 'object' && given !== null) {
    Object.freeze(given);
    Object.values(given).forEach(freezeDeep);
  }
  return given;
}

function primaries(given: JsonValue | undefined): number {
  return Array.isArray(given)
    ? given.filter((each: JsonValue) => isJsonObject(each) && each['primary'] === true).length
    : 0;
}

/** Runs both steps on generated input; a frozen resource would throw if it were changed. */
function forPatched(check: (before: Resource, after: Resource, given: PatchOperation[]) => void): void {
  fc.assert(
    fc.property(attributes, operations, (given, list) => {
      const before = makeUser(given);
      const parsed = parse(freezeDeep(list));
      if (before === undefined || parsed === undefined) return;
      const after = attempt(() => applyPatch(freezeDeep(before), freezeDeep(parsed), userType, interop));
      if (after !== undefined) check(before, after, parsed);
    }),
    { numRuns: 1500 },
  );
}

describe('any patch of any resource', () => {
  it('changes neither the resource nor the operations, and throws nothing but 400', () => {
    let runs = 0;
    forPatched(() => {
      runs += 1;
    });
    assert.ok(runs > 100, 'the generators must come through often enough');
  });

  it('leaves a resource that validates, and validates to itself', () => {
    forPatched((_, after) => {
      const again = validateResource(after, userType, { mode: 'replace', profile: interop });
      assert.equal(equalResources(again, after), true, JSON.stringify({ again, after }));
    });
  });

  it('E9 leaves at most one primary value', () => {
    forPatched((_, after) => {
      for (const list of ['emails', 'roles']) assert.ok(primaries(after[list]) <= 1);
    });
  });

  it('B13 names in schemas what is there', () => {
    forPatched((_, after) => {
      assert.deepEqual(after['schemas'], Object.hasOwn(after, enterprise) ? [core, enterprise] : [core]);
    });
  });

  it('E11 a resource added to itself, or replaced by itself, stays equal', () => {
    fc.assert(
      fc.property(attributes, fc.constantFrom('add', 'replace'), (given, op) => {
        const before = makeUser(given);
        if (before === undefined) return;
        const after = applyPatch(before, parse([{ op, value: before }]) ?? [], userType, interop);
        assert.equal(equalResources(before, after), true, JSON.stringify({ before, after }));
      }),
    );
  });

  it('P13 leaves Object.prototype alone', () => {
    const names = Object.getOwnPropertyNames(Object.prototype).sort();
    fc.assert(
      fc.property(attributes, hostile, fc.jsonValue(), (given, key, hostileValue) => {
        const before = makeUser(given) ?? {};
        const body = JSON.parse(
          JSON.stringify({ emails: { [key]: 1, value: 'v' } }).replace(
            '{',
            () => `{${JSON.stringify(key)}:${JSON.stringify(hostileValue)},`,
          ),
        ) as JsonObject;
        const parsed = parse([{ op: 'add', value: body }]);
        if (parsed !== undefined) attempt(() => applyPatch(before, parsed, userType, interop));
        makeUser(body);
        assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), names);
      }),
    );
  });
});
