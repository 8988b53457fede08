import assert from 'node:assert/strict';
import type { CompareValue } from '../../../src/scim/filter/filter.ts';
import { parseFilter } from '../../../src/scim/filter/parse.ts';
import { printResolvedFilter } from '../../../src/scim/filter/print.ts';
import { resolveFilter } from '../../../src/scim/filter/resolve.ts';
import type { ResourceType } from '../../../src/scim/schema/schema.ts';
import { enterprise, groupType, userType } from './sample-type.ts';

function resolved(text: string, type: ResourceType = userType): string {
  return printResolvedFilter(resolveFilter(parseFilter(text), type));
}

function refuses(rows: readonly (readonly [text: string, detail: string])[]): void {
  for (const [text, detail] of rows) {
    assert.throws(
      () => resolved(text),
      { name: 'ScimError', status: 400, scimType: 'invalidFilter', detail: `Filter, column ${detail}` },
      text,
    );
  }
}

function literal(text: string): CompareValue | undefined {
  const filter = resolveFilter(parseFilter(text), userType);
  return filter.kind === 'compare' ? filter.value : undefined;
}

describe('resolveFilter', () => {
  it('G3, G13, G14 finds attributes in any case, with and without URN', () => {
    const core = 'urn:ietf:params:scim:schemas:core:2.0:User';
    const rows: readonly (readonly [string, string])[] = [
      ['USERNAME pr', 'userName pr'],
      ['Name.FAMILYname pr', 'name.familyName pr'],
      [`${core.toUpperCase()}:UserName pr`, 'userName pr'],
      [`${core}:emails[TYPE eq "work"]`, 'emails[type eq "work"]'],
      [`${core}.name.givenName pr`, 'name.givenName pr'],
      [`${enterprise}:manager.value eq "1"`, `${enterprise}:manager.value eq "1"`],
      [`${enterprise.toLowerCase()}.Manager.$REF pr`, `${enterprise}:manager.$ref pr`],
      ['department eq "x"', `${enterprise}:department eq "x"`],
      ['urn:example:sample:1.0:LEVEL eq 1', 'urn:example:sample:1.0:level eq 1'],
      ['ID eq "1"', 'id eq "1"'],
      [`${core}:id eq "1"`, 'id eq "1"'],
      ['externalid eq "1"', 'externalId eq "1"'],
      ['schemas eq "x"', 'schemas eq "x"'],
      ['meta.resourceType eq "User"', 'meta.resourceType eq "User"'],
      ['META.location pr and meta.VERSION pr', 'meta.location pr and meta.version pr'],
      ['groups.$ref pr', 'groups.$ref pr'],
    ];
    for (const [text, printed] of rows) assert.equal(resolved(text), printed, text);
    assert.equal(resolved('members[$ref pr]', groupType), 'members[$ref pr]');
  });

  it('G29 takes a complex attribute as its value, where it has one', () => {
    assert.equal(resolved('emails co "x"'), 'emails.value co "x"');
    assert.equal(resolved('manager eq "2"'), `${enterprise}:manager.value eq "2"`);
    assert.equal(resolved('members eq "2"', groupType), 'members.value eq "2"');
    assert.equal(resolved('tags.value eq "x"'), 'urn:example:sample:1.0:tags eq "x"');
    refuses([
      [
        'title pr and meta eq "x"',
        '14: meta is complex; compare a sub-attribute: meta.resourceType, meta.created, meta.lastModified, meta.location, meta.version.',
      ],
    ]);
    assert.throws(() => resolved('addresses eq "x"'), /addresses is complex/);
  });

  it('G28 leaves a complex attribute whole in pr', () => {
    assert.equal(resolved('name pr and emails pr'), 'name pr and emails pr');
  });

  it('G27 turns comparisons with null into presence', () => {
    assert.equal(resolved('title eq null'), 'not (title pr)');
    assert.equal(resolved('title ne null'), 'title pr');
    assert.equal(resolved('name eq null'), 'not (name pr)');
    assert.equal(resolved('emails[display eq null]'), 'emails[not (display pr)]');
    refuses([['title gt null', '1: null can only be compared by eq and ne.']]);
  });

  it('types literals by the attribute', () => {
    const rows: readonly (readonly [string, CompareValue])[] = [
      ['userName eq "x"', { type: 'string', value: 'x' }],
      ['profileUrl eq "http://x"', { type: 'string', value: 'http://x' }],
      ['active eq true', { type: 'boolean', value: true }],
      ['active ne "False"', { type: 'boolean', value: false }],
      ['active eq "TRUE"', { type: 'boolean', value: true }],
      ['level ge 3', { type: 'number', value: 3 }],
      ['level lt 2.5', { type: 'number', value: 2.5 }],
      ['score gt -1e2', { type: 'number', value: -100 }],
      ['badge eq "AQI"', { type: 'binary', value: 'AQI=' }],
      ['badge eq "-_8="', { type: 'binary', value: '+/8=' }],
      ['badge eq ""', { type: 'binary', value: '' }],
    ];
    for (const [text, value] of rows) assert.deepEqual(literal(text), value, text);
  });

  it('G23 reads dateTime literals as instants', () => {
    const instant = Date.UTC(2026, 0, 2, 3, 4, 5);
    for (const [text, milliseconds] of [
      ['2026-01-02T03:04:05Z', 0],
      ['2026-01-02T03:04:05.000Z', 0],
      ['2026-01-02T05:04:05+02:00', 0],
      ['2026-01-01T22:34:05-04:30', 0],
      ['2026-01-02T03:04:05.1234567Z', 123],
      ['2026-01-02T03:04:05.123456789Z', 123],
    ] as const) {
      assert.deepEqual(literal(`hired gt "${text}"`), { type: 'dateTime', value: instant + milliseconds, text }, text);
    }
    const expected = 'takes a date and time with zone such as "2026-01-31T08:30:00Z"';
    refuses([
      ['hired gt "2026-01-02"', `1: urn:example:sample:1.0:hired ${expected}, not "2026-01-02".`],
      [
        'meta.created eq "2026-01-02T03:04:05 02:00"',
        `1: meta.created ${expected} (a "+" in a URL is written %2B), not "2026-01-02T03:04:05 02:00".`,
      ],
    ]);
    for (const text of [
      '2026-02-30T00:00:00Z',
      '2026-01-02T25:00:00Z',
      '2026-01-02t03:04:05Z',
      '2026-01-02 03:04:05Z',
      '20260102030405Z',
      '2026-01-02T03:04:05.Z',
      '2026-01-02T03:04:05+2:00',
      'now',
      '',
    ]) {
      assert.throws(() => literal(`meta.created gt "${text}"`), { scimType: 'invalidFilter' }, text);
    }
  });

  it('G25 refuses literals of another type', () => {
    refuses([
      ['userName eq 1', '1: userName takes a string in double quotes, not 1.'],
      ['title pr or userName eq true', '13: userName takes a string in double quotes, not true.'],
      ['active eq "yes"', '1: active takes true or false, not "yes".'],
      ['active eq 1', '1: active takes true or false, not 1.'],
      ['level eq "1"', '1: urn:example:sample:1.0:level takes a number without quotes, not "1".'],
      ['score eq true', '1: urn:example:sample:1.0:score takes a number without quotes, not true.'],
      ['badge eq "a b"', '1: urn:example:sample:1.0:badge takes base64 text in double quotes, not "a b".'],
      ['badge eq "AQIDB"', '1: urn:example:sample:1.0:badge takes base64 text in double quotes, not "AQIDB".'],
      ['badge eq "+_8="', '1: urn:example:sample:1.0:badge takes base64 text in double quotes, not "+_8=".'],
      ['emails[primary eq "maybe"]', '8: emails.primary takes true or false, not "maybe".'],
    ]);
    assert.throws(() => literal('meta.created gt 2026'), { scimType: 'invalidFilter' });
  });

  it('G22, G24 knows which operators a type has', () => {
    const ordering = ['gt', 'ge', 'lt', 'le'];
    const substrings = ['co', 'sw', 'ew'];
    const rows = [
      ['userName', '"x"', [...ordering, ...substrings], []],
      ['profileUrl', '"x"', [...ordering, ...substrings], []],
      ['active', 'true', [], [...ordering, ...substrings]],
      ['badge', '"AQI="', [], [...ordering, ...substrings]],
      ['level', '1', ordering, substrings],
      ['score', '1.5', ordering, substrings],
      ['hired', '"2026-01-02T03:04:05Z"', ordering, substrings],
    ] as const;
    for (const [attribute, value, allowed, refused] of rows) {
      for (const operator of ['eq', 'ne', ...allowed]) {
        assert.equal(resolveFilter(parseFilter(`${attribute} ${operator} ${value}`), userType).kind, 'compare');
      }
      for (const operator of refused) {
        const text = `${attribute} ${operator} ${value}`;
        assert.throws(() => resolved(text), { scimType: 'invalidFilter', detail: /is of type/ }, text);
      }
    }
    refuses([['active gt true', '1: active is of type boolean, which knows eq, ne and pr only.']]);
  });

  it('G34 refuses password and every other secret', () => {
    for (const text of [
      'password eq "x"',
      'password pr',
      'not (PASSWORD eq null)',
      'pin sw "1"',
      'password[value pr]',
    ]) {
      assert.throws(() => resolved(text), { scimType: 'invalidFilter', detail: /cannot be used in a filter/ }, text);
      assert.throws(
        () => resolveFilter(parseFilter(text), userType, { unknown: 'never' }),
        { scimType: 'invalidFilter' },
        text,
      );
    }
  });

  it('G31 refuses unknown attributes on a type endpoint and suggests the likely one', () => {
    refuses([
      ['usrName eq "x"', `1: User has no attribute 'usrName'; did you mean "userName"?`],
      ['title pr and familyName pr', `14: User has no attribute 'familyName'; did you mean "name.familyName"?`],
      ['name.givenNme pr', `1: name has no sub-attribute 'givenNme'; did you mean "givenName"?`],
      ['emails[typ eq "work"]', `8: emails has no sub-attribute 'typ'; did you mean "type"?`],
      ['emails[emails.type pr]', `8: emails has no sub-attribute 'emails.type'.`],
      ['emails[type.value pr]', `8: emails has no sub-attribute 'type.value'.`],
      ['emails[urn:a:type pr]', `8: emails has no sub-attribute 'urn:a:type'.`],
      ['tags[type pr]', '6: the values of tags are simple; inside "[ ]" they are called value.'],
      ['wholly.different pr', `1: User has no attribute 'wholly.different'.`],
      ['userName.value pr', `1: userName has no sub-attribute 'value'.`],
      [`${enterprise}:divsion pr`, `1: User has no attribute '${enterprise}:divsion'; did you mean "division"?`],
      [
        'urn:nowhere:2.0:User:a pr',
        `1: User has no attribute 'urn:nowhere:2.0:User:a': its schemas do not include 'urn:nowhere:2.0:User'.`,
      ],
    ]);
    assert.throws(() => resolved('members pr'), { scimType: 'invalidFilter' });
    assert.throws(() => resolved(`${'x'.repeat(8000)} pr`), { scimType: 'invalidFilter' });
  });

  it('E42 refuses a bare name that two extensions have', () => {
    assert.throws(() => resolved('shared pr'), { scimType: 'invalidFilter' });
    assert.equal(resolved('urn:example:other:2.0:User:shared pr'), 'urn:example:other:2.0:User:shared pr');
  });

  it('G31 treats unknown attributes as without value where asked to', () => {
    for (const [text, printed] of [
      ['foo eq "x"', '(never)'],
      ['foo pr or userName pr', '(never) or userName pr'],
      ['urn:nowhere:a pr', '(never)'],
      ['foo[bar pr]', '(never)'],
      ['emails[bar pr]', 'emails[(never)]'],
      ['foo ne null', '(never)'],
      ['foo ne "x"', 'not ((never))'],
      ['foo eq null', 'not ((never))'],
    ] as const) {
      const filter = resolveFilter(parseFilter(text), userType, { unknown: 'never' });
      assert.equal(printResolvedFilter(filter), printed, text);
    }
  });

  it('G8 allows [ ] behind attributes with elements only', () => {
    assert.equal(resolved('manager[value eq "x"]'), `${enterprise}:manager[value eq "x"]`);
    assert.equal(resolved('tags[VALUE eq "x"]'), 'urn:example:sample:1.0:tags[value eq "x"]');
    refuses([
      ['title[value eq "x"]', '1: "[ ]" cannot follow title, which has no elements.'],
      [
        `${enterprise}:manager.value[a pr]`,
        `1: "[ ]" cannot follow ${enterprise}:manager.value, which has no elements.`,
      ],
    ]);
  });
});
