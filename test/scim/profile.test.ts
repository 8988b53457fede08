import assert from 'node:assert/strict';
import { ScimError } from '../../src/scim/error.ts';
import type { JsonValue } from '../../src/scim/json.ts';
import { parseCreate, parsePatchRequest, parseSearch } from '../../src/scim/parse-request.ts';
import { applyPatch } from '../../src/scim/patch/apply-patch.ts';
import { type ClientProfile, clientProfiles, interop, type ProfileSwitches, switches } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { enterprise, userType } from './sample.ts';

const parts = { resourceType: userType, parameters: [] };

function create(body: object): (profile: ClientProfile) => unknown {
  return (profile) => {
    const { resource } = parseCreate({ ...parts, profile, body: { schemas: [urns.user], userName: 'u', ...body } });
    const { schemas: _schemas, userName: _userName, ...rest } = resource;
    return rest;
  };
}

/** What the operations make of a user with nothing but a name. */
function patch(...operations: readonly object[]): (profile: ClientProfile) => unknown {
  return (profile) => {
    const body = { schemas: [urns.patchOp], Operations: operations };
    const request = parsePatchRequest({ ...parts, id: '1', profile, body });
    const resource = { schemas: [urns.user], userName: 'u' };
    const {
      schemas: _schemas,
      userName: _userName,
      ...rest
    } = applyPatch(resource, request.operations, userType, profile);
    return rest;
  };
}

function search(filter: string): (profile: ClientProfile) => unknown {
  return (profile) => {
    const limits = { defaultCount: 1, maxCount: 1 };
    const request = parseSearch({ ...parts, profile, parameters: [['filter', filter]], limits });
    return request.query.filter?.kind;
  };
}

const manager = (value: JsonValue) => ({ [enterprise]: { manager: { value } } });

/** A request, and what becomes of it by the value of the switch: the outcome, or the scimType of the refusal. */
const cases: readonly {
  readonly name: keyof ProfileSwitches;
  readonly title: string;
  readonly run: (profile: ClientProfile) => unknown;
  readonly outcomes: Readonly<Record<string, unknown>>;
}[] = [
  {
    name: 'unknownAttributes',
    title: 'B5 an attribute in POST',
    run: create({ shoeSize: 44, title: 'T' }),
    outcomes: { ignore: { title: 'T' }, reject: 'invalidSyntax' },
  },
  {
    name: 'unknownAttributes',
    title: 'B5 a sub-attribute',
    run: create({ name: { givenName: 'G', petName: 'P' } }),
    outcomes: { ignore: { name: { givenName: 'G' } }, reject: 'invalidSyntax' },
  },
  {
    name: 'unknownAttributes',
    title: 'B5 a URN',
    run: create({ schemas: [urns.user, 'urn:example:strange'] }),
    outcomes: { ignore: {}, reject: 'invalidSyntax' },
  },
  {
    name: 'unknownAttributes',
    title: 'B5 a key of a PATCH value',
    run: patch({ op: 'add', value: { shoeSize: 44, title: 'T' } }),
    outcomes: { ignore: { title: 'T' }, reject: 'invalidSyntax' },
  },
  {
    name: 'unknownAttributes',
    title: 'B5 a path of PATCH, never',
    run: patch({ op: 'add', path: 'shoeSize', value: 44 }),
    outcomes: { ignore: 'invalidPath', reject: 'invalidPath' },
  },
  {
    name: 'missingSchema',
    title: 'B4 no schemas',
    run: create({ schemas: undefined, title: 'T' }),
    outcomes: { reject: 'invalidSyntax', assume: { title: 'T' } },
  },
  {
    name: 'missingSchema',
    title: 'B4 the URN of SCIM 1',
    run: create({ schemas: ['urn:scim:schemas:core:1.0'] }),
    outcomes: { reject: 'invalidSyntax', assume: {} },
  },
  {
    name: 'booleanStrings',
    title: 'E56 in a value',
    run: patch({ op: 'replace', path: 'active', value: 'False' }),
    outcomes: { accept: { active: false }, reject: 'invalidValue' },
  },
  {
    name: 'booleanStrings',
    title: 'B9 in a body',
    run: create({ emails: [{ value: 'a@b', primary: 'TRUE' }] }),
    outcomes: { accept: { emails: [{ value: 'a@b', primary: true }] }, reject: 'invalidValue' },
  },
  {
    name: 'booleanStrings',
    title: 'B9 another word, never',
    run: create({ active: 'yes' }),
    outcomes: { accept: 'invalidValue', reject: 'invalidValue' },
  },
  {
    name: 'booleanStrings',
    title: 'G25 in a filter',
    run: search('active eq "True"'),
    outcomes: { accept: 'compare', reject: 'invalidFilter' },
  },
  {
    name: 'booleanStrings',
    title: 'G25 in a value path of a filter',
    run: search('emails[primary eq "true"]'),
    outcomes: { accept: 'valuePath', reject: 'invalidFilter' },
  },
  {
    name: 'booleanStrings',
    title: 'E38 in a path',
    run: patch({ op: 'add', path: 'roles[primary eq "True"].value', value: 'admin' }),
    outcomes: { accept: { roles: [{ primary: true, value: 'admin' }] }, reject: 'invalidFilter' },
  },
  {
    name: 'singleValues',
    title: 'E26 a bare id',
    run: patch({ op: 'add', path: 'manager', value: 'U2' }),
    outcomes: { unwrap: manager('U2'), exact: 'invalidValue' },
  },
  {
    name: 'singleValues',
    title: 'a list of one',
    run: create({ schemas: [urns.user, enterprise], [enterprise]: { manager: [{ value: 'U2' }] } }),
    outcomes: { unwrap: manager('U2'), exact: 'invalidValue' },
  },
  {
    name: 'singleValues',
    title: 'a list of two, never',
    run: patch({ op: 'add', path: 'manager', value: [{ value: 'U2' }, { value: 'U3' }] }),
    outcomes: { unwrap: 'invalidValue', exact: 'invalidValue' },
  },
  {
    name: 'pathsAsKeys',
    title: 'E22 a dotted name',
    run: patch({ op: 'replace', value: { 'name.givenName': 'G', title: 'T' } }),
    outcomes: { follow: { name: { givenName: 'G' }, title: 'T' }, unknown: { title: 'T' } },
  },
  {
    name: 'pathsAsKeys',
    title: 'E22 a URN with an attribute',
    run: patch({ op: 'replace', value: { [`${enterprise}:department`]: 'D', title: 'T' } }),
    outcomes: { follow: { title: 'T', [enterprise]: { department: 'D' } }, unknown: { title: 'T' } },
  },
  {
    name: 'pathsAsKeys',
    title: 'E23 a URN with its attributes, always',
    run: patch({ op: 'replace', value: { [enterprise]: { department: 'D' } } }),
    outcomes: { follow: { [enterprise]: { department: 'D' } }, unknown: { [enterprise]: { department: 'D' } } },
  },
  {
    name: 'emptyOperations',
    title: 'E2',
    run: patch(),
    outcomes: { reject: 'invalidSyntax', nothing: {} },
  },
  {
    name: 'replaceWithoutMatch',
    title: 'E36 a part of a value',
    run: patch({ op: 'replace', path: 'emails[type eq "work"].value', value: 'a@b' }),
    outcomes: { noTarget: 'noTarget', create: { emails: [{ type: 'work', value: 'a@b' }] } },
  },
  {
    name: 'replaceWithoutMatch',
    title: 'E34 a value',
    run: patch({ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'a@b' } }),
    outcomes: { noTarget: 'noTarget', create: { emails: [{ type: 'work', value: 'a@b' }] } },
  },
  {
    name: 'replaceWithoutMatch',
    title: 'E34 a filter that says too little, never',
    run: patch({ op: 'replace', path: 'emails[value co "@"].value', value: 'a@b' }),
    outcomes: { noTarget: 'noTarget', create: 'noTarget' },
  },
];

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScimError) return error.scimType;
    throw error;
  }
}

describe('client profiles', () => {
  for (const { name, title, run, outcomes } of cases) {
    for (const [value, outcome] of Object.entries(outcomes)) {
      it(`${title}: ${name} ${value}`, () => {
        assert.deepEqual(
          outcomeOf(() => run({ ...interop, [name]: value })),
          outcome,
        );
      });
    }
  }

  // What a switch does to the answer is for the gateway's tests.
  it('every switch but the one of the answer has its cases', () => {
    const named = new Set(cases.map(({ name }) => name));
    assert.deepEqual(
      Object.keys(switches).filter((name) => !named.has(name as keyof ProfileSwitches)),
      ['patchResponse'],
    );
  });

  it('every profile has a value for every switch and nothing else', () => {
    const expected = [...Object.keys(switches), 'name'].sort();
    for (const [name, profile] of clientProfiles) {
      assert.equal(profile.name, name);
      assert.deepEqual(Object.keys(profile).sort(), expected, name);
    }
  });

  it('strict accepts nothing that a switch can refuse', () => {
    const strict = clientProfiles.get('strict');
    assert.ok(strict);
    for (const [title, run] of [
      ['unknown attribute', create({ shoeSize: 44 })],
      ['boolean in quotes', create({ active: 'true' })],
      ['path as a key', patch({ op: 'add', value: { 'name.givenName': 'G' } })],
      ['bare manager', patch({ op: 'add', path: 'manager', value: 'U2' })],
      ['no schemas', create({ schemas: undefined })],
      ['no operations', patch()],
    ] as const) {
      const refusal = outcomeOf(() => run(strict));
      assert.ok(refusal === 'invalidSyntax' || refusal === 'invalidValue', `${title}: ${JSON.stringify(refusal)}`);
    }
  });
});
