import assert from 'node:assert/strict';
import { printResolvedFilter } from '../../../src/scim/filter/print.ts';
import { parsePatchPath } from '../../../src/scim/path/parse-path.ts';
import { resolvePatchPath, resolveProjectionPath, resolveSortPath } from '../../../src/scim/path/resolve-path.ts';
import { attributeKey } from '../../../src/scim/schema/schema.ts';
import { enterprise, groupType, sampleExtension, userType } from '../filter/sample-type.ts';

const core = userType.schema.id;

function patchPath(text: string, type = userType): readonly (string | undefined)[] {
  const target = resolvePatchPath(parsePatchPath(text), type);
  if ('extension' in target) return ['extension', target.extension];
  assert.equal(target.ref.subAttribute, undefined, 'a target is an attribute');
  const filter =
    target.filter === undefined
      ? undefined
      : printResolvedFilter({ ...target, kind: 'valuePath', filter: target.filter });
  return [attributeKey(target.ref), target.subAttribute?.name, filter];
}

describe('resolvePatchPath', () => {
  it('E14, E40 to E46 finds the target of every shape', () => {
    const manager = `${enterprise}:manager`;
    const rows: readonly (readonly [string, readonly (string | undefined)[]])[] = [
      ['USERNAME', ['userName', undefined, undefined]],
      [`${core}:username`, ['userName', undefined, undefined]],
      [`${core.toUpperCase()}.Name.givenname`, ['name', 'givenName', undefined]],
      ['name.GivenName', ['name', 'givenName', undefined]],
      ['schemas', ['schemas', undefined, undefined]],
      ['meta.created', ['meta', 'created', undefined]],
      ['emails.type', ['emails', 'type', undefined]],
      ['Emails[TYPE eq "work"].VALUE', ['emails', 'value', 'emails[type eq "work"]']],
      [`${core}.emails[primary eq "True"]`, ['emails', undefined, 'emails[primary eq true]']],
      ['manager', [manager, undefined, undefined]],
      [`${enterprise}:Manager.value`, [manager, 'value', undefined]],
      [`${enterprise}.manager`, [manager, undefined, undefined]],
      [`${enterprise}.manager.value`, [manager, 'value', undefined]],
      [`${enterprise}.manager.$Ref`, [manager, '$ref', undefined]],
      ['manager[value eq "x"]', [manager, undefined, `${manager}[value eq "x"]`]],
      [enterprise.toLowerCase(), ['extension', enterprise]],
      [sampleExtension.id, ['extension', sampleExtension.id]],
      ['urn:example:other:2.0:User', ['extension', 'urn:example:other:2.0:User']],
      ['urn:example:other:2.0:User:shared', ['urn:example:other:2.0:User:shared', undefined, undefined]],
      ['tags.value', ['urn:example:sample:1.0:tags', undefined, undefined]],
      [
        'tags[value eq "x"].value',
        ['urn:example:sample:1.0:tags', undefined, 'urn:example:sample:1.0:tags[value eq "x"]'],
      ],
    ];
    for (const [text, expected] of rows) assert.deepEqual(patchPath(text), expected, text);
    assert.deepEqual(patchPath('members[value eq "1"]', groupType), ['members', undefined, 'members[value eq "1"]']);
  });

  it('E52 refuses paths that name nothing', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['userNam', `User has no attribute 'userNam'; did you mean "userName"?`],
      [
        'shared',
        `User has no attribute 'shared' of its own, but several extensions do; write "urn:example:sample:1.0:shared" or "urn:example:other:2.0:User:shared".`,
      ],
      ['name.first', `name has no sub-attribute 'first'.`],
      ['title.value', `title has no sub-attribute 'value'.`],
      ['emails[type eq "work"].valu', `emails has no sub-attribute 'valu'; did you mean "value"?`],
      ['title[value eq "x"]', '"[ ]" cannot follow title, which has no elements.'],
      [`${enterprise}:manager.value[a pr]`, `"[ ]" cannot follow ${enterprise}:manager.value, which has no elements.`],
      ['urn:nowhere:2.0', `User has no schema 'urn:nowhere:2.0'.`],
      ['urn:nowhere:x', `User has no attribute 'urn:nowhere:x': its schemas do not include 'urn:nowhere'.`],
      [core, `to change several attributes of ${core}, leave the path out.`],
      ['constructor', `User has no attribute 'constructor'.`],
    ];
    for (const [text, detail] of rows) {
      assert.throws(() => patchPath(text), { status: 400, scimType: 'invalidPath', detail: `Path: ${detail}` }, text);
    }
    assert.throws(() => patchPath('userName', groupType), { scimType: 'invalidPath' });
  });

  it('E53 refuses filters that mean nothing, with the place in the path', () => {
    for (const [text, detail] of [
      ['emails[typ eq "x"]', `Path, column 8: emails has no sub-attribute 'typ'; did you mean "type"?`],
      ['emails[primary gt true]', 'Path, column 8: emails.primary is of type boolean, which knows eq, ne and pr only.'],
      ['emails[value eq 1].type', 'Path, column 8: emails.value takes a string in double quotes, not 1.'],
    ] as const) {
      assert.throws(() => patchPath(text), { status: 400, scimType: 'invalidFilter', detail }, text);
    }
  });
});

describe('resolveProjectionPath', () => {
  it('K7, K8, K10 finds attributes, sub-attributes and schemas in any case', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['username', 'userName'],
      [' emails.VALUE ', 'emails.value'],
      ['meta.location', 'meta.location'],
      ['id', 'id'],
      ['password', 'password'],
      [`${core}:name`, 'name'],
      ['manager', `${enterprise}:manager`],
      [`${enterprise}:manager.value`, `${enterprise}:manager.value`],
    ];
    for (const [text, key] of rows) {
      const path = resolveProjectionPath(text, userType);
      assert.equal(path?.kind === 'attribute' && attributeKey(path.ref), key, text);
    }
    for (const [text, urn] of [
      [enterprise.toUpperCase(), enterprise],
      [sampleExtension.id, sampleExtension.id],
      [core, core],
    ] as const) {
      assert.deepEqual(resolveProjectionPath(text, userType), { kind: 'schema', urn }, text);
    }
  });

  it('K8, K14 ignores unknown and malformed names', () => {
    for (const text of [
      '',
      ' ',
      'foo',
      'name.foo',
      'a..b',
      'emails[type eq "x"]',
      'urn:nowhere:2.0:User',
      '__proto__',
    ]) {
      assert.equal(resolveProjectionPath(text, userType), undefined, text);
    }
  });
});

describe('resolveSortPath', () => {
  it('H5, H7 finds the attribute to sort by', () => {
    for (const [text, key] of [
      ['USERNAME', 'userName'],
      ['name.familyName', 'name.familyName'],
      ['emails', 'emails.value'],
      ['emails.type', 'emails.type'],
      ['meta.lastModified', 'meta.lastModified'],
      [`${enterprise}:manager`, `${enterprise}:manager.value`],
      ['tags', 'urn:example:sample:1.0:tags'],
    ] as const) {
      assert.equal(attributeKey(resolveSortPath(text, userType)), key);
    }
  });

  it('H9 refuses what cannot be sorted by', () => {
    for (const [text, detail] of [
      ['', `sortBy: expected an attribute such as name.familyName, found ''.`],
      ['a..b', `sortBy: expected an attribute such as name.familyName, found 'a..b'.`],
      ['userNme', `sortBy: User has no attribute 'userNme'; did you mean "userName"?`],
      [
        'addresses',
        'sortBy: addresses is complex; name a sub-attribute: addresses.formatted, addresses.streetAddress, addresses.locality, addresses.region, addresses.postalCode, addresses.country, addresses.type, addresses.primary.',
      ],
      ['password', 'sortBy: password cannot be sorted by.'],
      ['badge', 'sortBy: urn:example:sample:1.0:badge cannot be sorted by.'],
    ] as const) {
      assert.throws(() => resolveSortPath(text, userType), { status: 400, scimType: 'invalidValue', detail }, text);
    }
  });
});
