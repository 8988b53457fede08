// Defaults: values where a create or a replace gives none.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { add, compilePerson } from './compiled.ts';

describe('fill-in', () => {
  describe('defaults', () => {
    const cases: [what: string, keys: string[], resource: JsonObject, attribute: string, values: string[]][] = [
      [
        'step back where there is a value',
        ['displayName: { attribute: cn, default: "${userName}" }'],
        { displayName: 'Ann' },
        'cn',
        ['Ann'],
      ],
      [
        'may read what another default makes, in any order',
        [
          'name.formatted: { attribute: cn, default: "${displayName}" }',
          'displayName: { attribute: displayName, default: "${userName}" }',
        ],
        {},
        'cn',
        ['ann'],
      ],
      [
        'of a typed value make it where there is none',
        [
          'emails[type eq "work"].value: { attribute: mail, default: "${userName}@x.example" }',
          'emails[type eq "home"].value: scimHomeMail',
        ],
        { emails: [{ value: 'h@x', type: 'home' }] },
        'mail',
        ['ann@x.example'],
      ],
      [
        'of a typed value leave the others alone',
        [
          'emails[type eq "work"].value: { attribute: mail, default: "${userName}@x.example" }',
          'emails[type eq "home"].value: scimHomeMail',
        ],
        { emails: [{ value: 'h@x', type: 'home' }] },
        'scimHomeMail',
        ['h@x'],
      ],
      [
        'of a typed value step back',
        ['emails[type eq "work"].value: { attribute: mail, default: "${userName}@x.example" }'],
        { emails: [{ value: 'w@x', type: 'work' }] },
        'mail',
        ['w@x'],
      ],
      [
        'read the primary value',
        [
          'emails[type eq "work"].value: { attribute: mail, primary: true }',
          'nickName: { attribute: scimNickName, default: "<${emails}>" }',
        ],
        { emails: [{ value: 'w@x', type: 'work' }] },
        'scimNickName',
        ['<w@x>'],
      ],
    ];
    for (const [what, keys, resource, attribute, values] of cases) {
      it(what, async () => {
        const { user: holder } = await compilePerson(keys);
        assert.deepEqual(add(holder, { userName: 'ann', ...resource }).strings(attribute), values);
      });
    }
  });
});
