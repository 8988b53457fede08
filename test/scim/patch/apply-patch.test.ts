import assert from 'node:assert/strict';
import { equalResources } from '../../../src/scim/equal-resources.ts';
import type { JsonObject } from '../../../src/scim/json.ts';
import { applyPatch } from '../../../src/scim/patch/apply-patch.ts';
import { parsePatch } from '../../../src/scim/patch/parse-patch.ts';
import { type ClientProfile, clientProfiles, interop } from '../../../src/scim/profile.ts';
import type { Resource } from '../../../src/scim/resource.ts';
import type { ResourceType } from '../../../src/scim/schema/schema.ts';
import { withSchemas } from '../../../src/scim/schemas-attribute.ts';
import { urns } from '../../../src/scim/urns.ts';
import { assertRefused, enterprise, groupType, userType } from '../sample.ts';
import { failures, group, home, type Success, successes, user, work } from './patch-cases.ts';

function run(
  before: Resource,
  operations: Success['operations'],
  type: ResourceType,
  profile: ClientProfile = interop,
): Resource {
  const Operations = operations.map(([op, path, value]) => ({
    op,
    ...(path !== undefined && { path }),
    ...(value !== undefined && { value }),
  }));
  return applyPatch(before, parsePatch({ schemas: [urns.patchOp], Operations }, type, profile), type, profile);
}

function freezeDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freezeDeep(member);
}

describe('applyPatch', () => {
  for (const { rule, type, before, operations, changes } of successes) {
    it(rule, () => {
      const resource = withSchemas(before, type);
      freezeDeep(resource);
      const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null);
      const expected = withSchemas(Object.fromEntries(kept), type);
      const after = run(resource, operations, type);
      const unchanged = Object.keys(changes).length === 0;
      if (!unchanged) assert.deepEqual(after, expected);
      assert.equal(equalResources(after, expected), true);
      assert.equal(equalResources(after, resource), unchanged);
    });
  }

  for (const { rule, type, before, operations, scimType, detail } of failures) {
    it(`${rule} -> 400 ${scimType}`, () => {
      assertRefused(() => run(withSchemas(before, type), operations, type), scimType, detail);
    });
  }

  describe('profiles', () => {
    const entra = clientProfiles.get('entra')!;
    const strict = clientProfiles.get('strict')!;
    const bare = { userName: 'b' };

    it('E34 entra: replace of a value that is not there makes it', () => {
      const after = run(bare, [['Replace', 'emails[type eq "work"]', { value: 'a@x' }]], userType, entra);
      assert.deepEqual(after['emails'], [{ type: 'work', value: 'a@x' }]);
    });

    it('E36 entra: replace of a part of a value that is not there makes it', () => {
      const after = run(bare, [['Replace', 'emails[type eq "work"].value', 'a@x']], userType, entra);
      assert.deepEqual(after['emails'], [{ type: 'work', value: 'a@x' }]);
    });

    it('E39 entra: replace of a manager that is not there sets it', () => {
      const after = run(bare, [['Replace', 'manager[value eq "m"].value', 'm']], userType, entra);
      assert.deepEqual(after[enterprise], { manager: { value: 'm' } });
    });

    it('E36 entra: not by a filter that says too little', () => {
      assertRefused(() => run(bare, [['replace', 'emails[value co "x"].value', 'a@x']], userType, entra), 'noTarget');
    });

    for (const value of [
      { shoeSize: 1 },
      { name: { nick: 'x' } },
      { [enterprise]: { shoeSize: 1 } },
      { 'urn:x:y': {} },
    ]) {
      it(`B5 strict: unknown in ${JSON.stringify(value)} -> 400 invalidSyntax`, () => {
        assertRefused(() => run(bare, [['replace', undefined, value]], userType, strict), 'invalidSyntax');
      });
    }
  });

  it('E18 thousands of members in one operation', () => {
    const members = Array.from({ length: 20_000 }, (_, index) => ({ value: `m${index}` }));
    const after = run(
      group,
      [
        ['add', 'members', members],
        ['remove', 'members', members.slice(1)],
      ],
      groupType,
    );
    assert.deepEqual(
      (after['members'] as JsonObject[]).map(({ value }) => value),
      ['u1', 'u2', 'm0'],
    );
  });

  it('P13 keys of Object.prototype do no harm', () => {
    const value = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"__proto__.polluted":1,"name":{"__proto__":{"polluted":1},"givenName":"X"}}',
    );
    const after = run(user, [['replace', undefined, value]], userType);
    assert.deepEqual(after['name'], { givenName: 'X', familyName: 'Jensen' });
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    assertRefused(() => run(user, [['add', '__proto__.polluted', 1]], userType), 'invalidPath');
    assertRefused(() => run(user, [['add', 'constructor.prototype', 1]], userType), 'invalidPath');
  });

  it('E69 keeps values apart that only differ in what they are', () => {
    const after = run(
      { userName: 'b', emails: [work, home] },
      [
        [
          'replace',
          'emails',
          [
            { ...home, primary: true },
            { ...work, primary: false },
          ],
        ],
      ],
      userType,
    );
    assert.deepEqual(after['emails'], [
      { ...home, primary: true },
      { ...work, primary: false },
    ]);
  });

  it('gives up where many operations meet many values, instead of keeping everybody waiting', () => {
    const emails = Array.from({ length: 3000 }, (_, index) => ({ value: `a${index}@example.com`, type: 'work' }));
    const one = (index: number) => ['add', 'emails', [{ value: `b${index}@example.com`, type: 'work' }]] as const;
    const many = Array.from({ length: 1000 }, (_, index) => one(index));
    assert.throws(() => run({ userName: 'b', emails }, many, userType), { name: 'ScimError', status: 413 });
    const after = run({ userName: 'b', emails }, many.slice(0, 20), userType);
    assert.equal((after['emails'] as readonly unknown[]).length, 3020);
  });
});
