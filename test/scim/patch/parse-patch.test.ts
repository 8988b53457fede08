import assert from 'node:assert/strict';
import type { ScimType } from '../../../src/scim/error.ts';
import { parsePatch } from '../../../src/scim/patch/parse-patch.ts';
import type { PatchOperation } from '../../../src/scim/patch/patch.ts';
import { targetKey } from '../../../src/scim/patch/target-operations.ts';
import { interop } from '../../../src/scim/profile.ts';
import type { ResourceType } from '../../../src/scim/schema/schema.ts';
import { urns } from '../../../src/scim/urns.ts';
import { assertRefused, enterprise, groupType, userType } from '../sample.ts';

const schemas = [urns.patchOp];

function parse(operation: unknown, type: ResourceType = userType): PatchOperation[] {
  return parsePatch({ schemas, Operations: [operation] }, type, interop);
}

/** Operations in short: op, target, value. */
function short(operations: readonly PatchOperation[]): unknown[] {
  return operations.map(({ op, target, value }) => [
    op,
    `${targetKey(target)}${target.filter === undefined ? '' : ' filtered'}`,
    ...(value === undefined ? [] : [value]),
  ]);
}

const good = { op: 'replace', path: 'title', value: 'x' };

const refused: readonly [rule: string, body: unknown, scimType: ScimType][] = [
  ['E1 no schemas', { Operations: [good] }, 'invalidSyntax'],
  ['E1 other schemas', { schemas: [urns.searchRequest], Operations: [good] }, 'invalidSyntax'],
  ['E1 schemas not an array', { schemas: urns.patchOp, Operations: [good] }, 'invalidSyntax'],
  ['E1 not an object', [good], 'invalidSyntax'],
  ['E1 null', null, 'invalidSyntax'],
  ['E2 no Operations', { schemas }, 'invalidSyntax'],
  ['E2 empty Operations', { schemas, Operations: [] }, 'invalidSyntax'],
  ['E2 Operations not an array', { schemas, Operations: good }, 'invalidSyntax'],
  ['E2 Operations twice', { schemas, Operations: [good], operations: [good] }, 'invalidSyntax'],
  ['E3 an operation that is no object', { schemas, Operations: ['x'] }, 'invalidSyntax'],
  ['E3 an operation that is null', { schemas, Operations: [null] }, 'invalidSyntax'],
  ['E3 no op', { schemas, Operations: [{ path: 'title', value: 'x' }] }, 'invalidSyntax'],
  ['E3 op a number', { schemas, Operations: [{ ...good, op: 1 }] }, 'invalidSyntax'],
  ['E3 op twice', { schemas, Operations: [{ ...good, OP: 'add' }] }, 'invalidSyntax'],
  ['E3 copy', { schemas, Operations: [{ ...good, op: 'copy' }] }, 'invalidSyntax'],
  ['E53 path a number', { schemas, Operations: [{ ...good, path: 1 }] }, 'invalidPath'],
];

const straightened: readonly [rule: string, operation: unknown, expected: unknown[], type?: ResourceType][] = [
  ['E2, E14 keys in any letter case', { OP: 'Replace', Path: 'TITLE', VALUE: 'x' }, [['replace', 'title', 'x']]],
  ['a path of null is none', { op: 'add', path: null, value: { title: 'x' } }, [['add', 'title', 'x']]],
  [
    'E20 one operation per attribute',
    { op: 'add', value: { title: 'x', emails: { value: 'y' } } },
    [
      ['add', 'title', 'x'],
      ['add', 'emails', [{ value: 'y' }]],
    ],
  ],
  [
    'E25 null parts become removals',
    { op: 'replace', path: 'name', value: { givenName: null, familyName: 'F' } },
    [
      ['remove', 'name.givenName'],
      ['replace', 'name', { familyName: 'F' }],
    ],
  ],
  [
    'E29 remove with values',
    { op: 'remove', path: 'members', value: { value: 'u', $ref: null } },
    [['remove', 'members', [{ value: 'u' }]]],
    groupType,
  ],
  ['E30 remove with an empty list', { op: 'remove', path: 'members', value: [] }, [], groupType],
  ['E30 replace by an empty list', { op: 'replace', path: 'members', value: [] }, [['remove', 'members']], groupType],
  [
    'E36 a value path',
    { op: 'Add', path: 'emails[type eq "work"].value', value: 'x' },
    [['add', 'emails.value filtered', 'x']],
  ],
  [
    'E43 a whole extension',
    { op: 'add', path: enterprise, value: { division: 'V', manager: 'm' } },
    [
      ['add', `${enterprise}:division`, 'V'],
      ['add', `${enterprise}:manager`, { value: 'm' }],
    ],
  ],
  [
    'E49 readOnly keys',
    { op: 'replace', value: { id: 'x', displayName: 'N' } },
    [['replace', 'displayName', 'N']],
    groupType,
  ],
  ['E54 schemas', { op: 'add', path: 'schemas', value: enterprise }, []],
  ['E60 replace by null', { op: 'replace', path: 'title', value: null }, [['remove', 'title']]],
];

describe('parsePatch', () => {
  for (const [rule, body, scimType] of refused) {
    it(`${rule} -> 400 ${scimType}`, () => assertRefused(() => parsePatch(body, userType, interop), scimType));
  }

  for (const [rule, operation, expected, type = userType] of straightened) {
    it(rule, () => assert.deepEqual(short(parse(operation, type)), expected));
  }

  it('E43 removing a whole extension leaves out what is readOnly', () => {
    assert.deepEqual(short(parse({ op: 'remove', path: enterprise })).length, 6);
  });

  it('E1 other URNs beside that of the message', () => {
    assert.equal(parsePatch({ schemas: ['urn:x:y', urns.patchOp], Operations: [good] }, userType, interop).length, 1);
  });

  it('E1 the URN in any letter case, keys too', () => {
    assert.equal(
      parsePatch({ SCHEMAS: [urns.patchOp.toUpperCase()], operations: [good] }, userType, interop).length,
      1,
    );
  });
});
