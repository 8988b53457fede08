import assert from 'node:assert/strict';
import { evaluateFilter, evaluateOnElement } from '../../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../../src/scim/filter/resolve.ts';
import type { JsonValue } from '../../../src/scim/json.ts';
import { parsePatchPath } from '../../../src/scim/path/parse-path.ts';
import { resolvePatchPath } from '../../../src/scim/path/resolve-path.ts';
import type { Resource } from '../../../src/scim/resource.ts';
import { samplePerson as person } from './sample-person.ts';
import { enterprise, sampleExtension, userType } from './sample-type.ts';

function holds(text: string, resource: Resource = person): boolean {
  return evaluateFilter(resolveFilter(parseFilter(text), userType, { unknown: 'never' }), resource);
}

function table(rows: readonly (readonly [text: string, expected: boolean])[], resource: Resource = person): void {
  for (const [text, expected] of rows) assert.equal(holds(text, resource), expected, text);
}

describe('evaluateFilter', () => {
  it('G20 compares ids, external ids and resource types exactly', () => {
    table([
      ['id eq "Ab1"', true],
      ['id eq "ab1"', false],
      ['externalId eq "ext"', false],
      ['meta.resourceType eq "User"', true],
      ['meta.resourceType eq "user"', false],
    ]);
  });

  it('G39 prepares text beyond ASCII', () => {
    const rows: readonly (readonly [stored: string, operator: string, literal: string, expected: boolean])[] = [
      ['Zo\u00eb', 'eq', 'zoe\u0308', true],
      ['zoe\u0308', 'eq', 'ZO\u00cb', true],
      ['ΟΔΟΣΑ', 'sw', 'οδος'.toUpperCase(), true],
      ['ΟΔΟΣ', 'eq', 'οδοσ', true],
      ['\uff21lice', 'eq', 'alice', true],
      ['a\u00a0 b', 'eq', 'A b', true],
      ['a  b', 'co', 'a b', false],
      ['\u{10400}', 'eq', '\u{10428}', true],
      // By code point, not by UTF-16 unit.
      ['\u{1f600}', 'gt', '\uffee', true],
      ['\ue000', 'lt', '\u{10000}', true],
      ['\ud7ff', 'lt', '\u{10000}', true],
    ];
    for (const [userName, operator, literal, expected] of rows) {
      const text = `userName ${operator} ${JSON.stringify(literal)}`;
      assert.equal(holds(text, { userName }), expected, `${JSON.stringify(userName)}: ${text}`);
    }
  });

  it('G26 matches where any value matches', () => {
    table([
      ['emails.type eq "home"', true],
      ['emails.type ne "work"', true],
      ['not (emails.type eq "work")', false],
      ['emails co "@HOME"', true],
      ['emails.primary eq true', true],
      ['emails.primary ne true', false],
      ['tags eq "RED"', true],
      ['tags ne "red"', true],
      ['tags ew "ue"', true],
      ['tags eq "green"', false],
    ]);
    table([['emails.type ne "work"', false]], { emails: [{ type: 'work' }, { type: 'WORK' }] });
  });

  it('G27 treats an absent attribute as without value', () => {
    const values = ['title', 'name.givenName', 'phoneNumbers', 'phoneNumbers.type', 'manager'];
    for (const name of values) {
      for (const operator of ['eq', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']) {
        table([[`${name} ${operator} "a"`, false]], { userName: 'x' });
      }
      table(
        [
          [`${name} ne "a"`, true],
          [`${name} pr`, false],
          [`${name} eq null`, true],
          [`${name} ne null`, false],
          [`not (${name} eq "a")`, true],
          [`not (${name} pr)`, true],
        ],
        { userName: 'x' },
      );
    }
    table([
      ['userName eq null', false],
      ['userName ne null', true],
    ]);
  });

  it('G28 knows what is present', () => {
    const rows: readonly (readonly [string, JsonValue, boolean])[] = [
      ['active', false, true],
      ['active', null, false],
      ['title', '', false],
      ['title', 'x', true],
      ['name', {}, false],
      ['name', { givenName: '' }, false],
      ['name', { givenName: 'x' }, true],
      ['name', { givenName: [''] }, false],
      ['emails', [], false],
      ['emails', [{}], false],
      ['emails', [{ value: null }, { display: 'x' }], true],
      ['emails.value', [{ display: 'x' }], false],
      ['emails', { value: 'x' }, true],
    ];
    for (const [name, value, expected] of rows) {
      const [top = ''] = name.split('.');
      assert.equal(holds(`${name} pr`, { [top]: value }), expected, `${name} ${JSON.stringify(value)}`);
    }
    table([
      ['level pr', true],
      ['name pr', true],
      ['meta pr', true],
      ['meta.version pr', false],
      [`${enterprise}:manager pr`, true],
      [`${enterprise}:department pr`, false],
    ]);
  });

  it('G27 compares empty text and null as absent', () => {
    for (const title of ['', null]) {
      table(
        [
          ['title eq ""', false],
          ['title co ""', false],
          ['title ne ""', true],
        ],
        { title },
      );
    }
  });

  it('compares binaries by their octets', () => {
    for (const badge of ['AQI=', 'AQI']) table([['badge eq "AQI="', true]], { [sampleExtension.id]: { badge } });
    table([['badge eq "AQI="', false]], { [sampleExtension.id]: { badge: '!' } });
  });

  it('G8, G11, G12 holds the terms of a value path against one element', () => {
    table([
      ['emails[type eq "work" and value co "@home"]', false],
      ['emails.type eq "work" and emails.value co "@home"', true],
      ['emails[type eq "home" and value co "@home"]', true],
      ['emails[type eq "home"].value eq "bj@home.example"', true],
      ['emails[type eq "work"].value eq "bj@home.example"', false],
      ['emails[type eq "other"]', false],
      ['emails[not (type pr)]', true],
      ['emails[type ne "work" and value sw "other"]', true],
      ['emails[type ne null and value sw "other"]', false],
      ['emails[primary eq "True"].value sw "bj"', true],
      ['manager[value eq "M1"]', true],
      ['manager[value eq "M2"]', false],
      ['tags[value eq "red" and value eq "blue"]', false],
      ['tags[value eq "red"] and tags[value eq "blue"]', true],
      ['ims[not (type eq "x")]', false],
    ]);
  });

  it('G4 combines terms', () => {
    table([
      ['userName pr or title pr and title pr', true],
      ['(userName pr or title pr) and title pr', false],
      ['not (title pr) and userName pr', true],
      ['not (not (title pr))', false],
    ]);
  });

  it('G30 selects by schema in use', () => {
    table([
      [`schemas eq "${enterprise.toLowerCase()}"`, true],
      [`schemas eq "${sampleExtension.id}"`, false],
    ]);
  });

  it('G31 gives unknown attributes no value', () => {
    table([
      ['foo eq "x"', false],
      ['foo pr', false],
      ['foo ne "x"', true],
      ['foo eq null', true],
      ['not (foo pr)', true],
      ['emails[foo pr or type eq "work"]', true],
    ]);
  });

  it('takes values of another type than the attribute as different from everything', () => {
    const odd: Resource = { userName: 7, active: 'false', meta: { created: 'yesterday' }, emails: ['x', 3] };
    table(
      [
        ['userName eq "7"', false],
        ['userName ne "7"', true],
        ['userName lt "8"', false],
        ['active eq false', false],
        ['meta.created lt "2026-01-02T03:04:05Z"', false],
        ['meta.created ne "2026-01-02T03:04:05Z"', true],
        ['emails eq "x"', false],
        ['emails[value eq "x"]', false],
      ],
      odd,
    );
    table([['name.familyName pr', false]], { name: [] });
    table([['emails.value pr', false]], { emails: 'x' });
  });
});

describe('evaluateOnElement', () => {
  it('E33 to E39 selects elements of a patch path', () => {
    const select = (path: string): readonly JsonValue[] => {
      const target = resolvePatchPath(parsePatchPath(path), userType);
      assert.ok('ref' in target && target.filter !== undefined);
      const { filter, ref } = target;
      const holder = ref.extension ? (person[ref.urn] as Resource) : person;
      const elements = holder[ref.attribute.name] as JsonValue;
      return (Array.isArray(elements) ? elements : [elements]).filter((element) => evaluateOnElement(filter, element));
    };
    const emails = person['emails'] as readonly JsonValue[];
    assert.deepEqual(select('emails[type eq "WORK"]'), [emails[0]]);
    assert.deepEqual(select('emails[primary eq "True"].value'), [emails[0]]);
    assert.deepEqual(select('emails[not (primary eq true)]'), [emails[1], emails[2]]);
    assert.deepEqual(select('emails[value ew ".example"]'), emails);
    assert.deepEqual(select('emails[type eq "other"]'), []);
    assert.deepEqual(select('manager[value eq "M1"]'), [{ value: 'M1' }]);
    assert.deepEqual(select('tags[value sw "r"]'), ['Red']);
  });
});
