// What a mapping makes of a multi-valued attribute's sub-attributes, and which ids a patch will want looked up.
import assert from 'node:assert/strict';
import { planPatch } from '../../src/mapping/plan-change.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { parsePatch } from '../../src/scim/patch/parse-patch.ts';
import { interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { compilePerson, compileText, contentOf, entryOf, personText, resourceOf } from './compiled.ts';

const sn = 'name.familyName: sn';

async function rolesOf(keys: readonly string[]) {
  const { user } = await compilePerson([sn, ...keys]);
  const roles = user.type.schema.attributes.find(({ name }) => name === 'roles');
  return new Map((roles?.subAttributes ?? []).map((sub) => [sub.name, sub]));
}

describe('characteristics of a mapped attribute', () => {
  it('advertises the parts that keys name, and those in their brackets', async () => {
    const cases: readonly [readonly string[], readonly string[]][] = [
      [['roles.value: scimRole'], ['value']],
      [['roles.value: { attribute: scimRole, primary: true }'], ['value', 'primary']],
      [
        ['roles[primary eq true].value: scimRole', 'roles[primary eq true].display: title'],
        ['value', 'display', 'primary'],
      ],
      [['roles[type eq "app"].value: scimRole'], ['value', 'type']],
      [['roles[type eq "app" and primary eq true].value: scimRole'], ['value', 'type', 'primary']],
    ];
    for (const [keys, names] of cases) {
      assert.deepEqual([...(await rolesOf(keys)).keys()].sort(), [...names].sort(), keys.join(', '));
    }
  });

  it('A14 only words become canonicalValues', async () => {
    const roles = await rolesOf(['roles[type eq "app" and primary eq true].value: scimRole']);
    assert.deepEqual(roles.get('type')?.canonicalValues, ['app']);
    assert.equal(roles.get('primary')?.canonicalValues, undefined);
    assert.equal(roles.get('primary')?.type, 'boolean');
  });

  it('a constant that is a boolean reads as one', async () => {
    const { user } = await compilePerson([sn, 'roles[primary eq true].value: scimRole']);
    const entry = entryOf({ uid: ['ann'], sn: ['B'], scimRole: ['admin'] });
    assert.deepEqual(contentOf(resourceOf(user, entry))['roles'], [{ value: 'admin', primary: true }]);
  });
});

describe('the schemas of a mapping', () => {
  it('A9 have what any of the types maps that share one, the first of them saying how', async () => {
    const second = personText(['title: { attribute: title, access: readOnly }', 'nickName: cn'])
      .replace('resourceTypes:\n', '')
      .replace('  User:', '  Guest:')
      .replace('/Users', '/Guests');
    const { schemas } = await compileText(`${personText(['title: title', sn])}\n${second}`);
    assert.deepEqual(
      schemas.map(({ attributes }) => attributes.map(({ name, mutability }) => [name, mutability])),
      [
        [
          ['name', 'readWrite'],
          ['title', 'readWrite'],
          ['nickName', 'readWrite'],
        ],
      ],
    );
  });
});

describe('lookups of a patch', () => {
  const forms: readonly [string, JsonObject][] = [
    ['an object', { op: 'add', path: 'manager', value: { value: 'u2' } }],
    ['a bare id', { op: 'add', path: 'manager', value: 'u2' }],
    ['its value', { op: 'replace', path: 'manager.value', value: 'u2' }],
    ['its value by URN', { op: 'add', path: `${urns.enterpriseUser}:manager.value`, value: 'u2' }],
    ['a filter', { op: 'remove', path: 'manager[value eq "u2"]' }],
    ['no path', { op: 'add', value: { [urns.enterpriseUser]: { manager: { value: 'u2' } } } }],
  ];
  for (const [title, operation] of forms) {
    it(`name the manager that is given as ${title}`, async () => {
      const { compiled, user } = await compilePerson(
        [sn, 'enterprise:manager: { reference: User, attribute: manager }'],
        { extensions: urns.enterpriseUser },
      );
      const parsed = parsePatch({ schemas: [urns.patchOp], Operations: [operation] }, user.type, interop);
      assert.deepEqual(planPatch(compiled, user, parsed, interop).lookups, [
        { kind: 'ids', types: ['User'], ids: ['u2'] },
      ]);
    });
  }
});
