import assert from 'node:assert/strict';
import { printAttributePath } from '../../../src/scim/filter/attribute-path.ts';
import { printFilter } from '../../../src/scim/filter/print.ts';
import { parsePatchPath } from '../../../src/scim/path/parse-path.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The parts of a path as texts: attribute path, filter, sub-attribute behind the filter. */
function parts(text: string): readonly (string | undefined)[] {
  const parsed = parsePatchPath(text);
  if (parsed.kind === 'schema') return ['schema', parsed.text];
  const filter = parsed.filter === undefined ? undefined : printFilter(parsed.filter);
  return [printAttributePath(parsed.path), filter, parsed.subAttribute];
}

describe('parsePatchPath', () => {
  it('E24 to E36 reads every shape of path', () => {
    const rows: readonly (readonly [string, readonly (string | undefined)[]])[] = [
      ['title', ['title', undefined, undefined]],
      ['name.givenName', ['name.givenName', undefined, undefined]],
      ['emails[type eq "work"]', ['emails', 'type eq "work"', undefined]],
      ['emails[type eq "work"].value', ['emails', 'type eq "work"', 'value']],
      ['emails[ type eq "a].b[" ].$ref', ['emails', 'type eq "a].b["', '$ref']],
      [
        'emails[not (type eq "work") and (value pr)].display',
        ['emails', 'not (type eq "work") and value pr', 'display'],
      ],
      ['members[value eq "urn:x"]', ['members', 'value eq "urn:x"', undefined]],
    ];
    for (const [text, expected] of rows) assert.deepEqual(parts(text), expected, text);
  });

  it('E40 to E45 reads URNs in front of any shape', () => {
    const core = 'urn:ietf:params:scim:schemas:core:2.0:User';
    const rows: readonly (readonly [string, readonly (string | undefined)[]])[] = [
      [`${core}:userName`, [`${core}:userName`, undefined, undefined]],
      [`${enterprise}:manager.value`, [`${enterprise}:manager.value`, undefined, undefined]],
      [`${core}:emails[type eq "work"].value`, [`${core}:emails`, 'type eq "work"', 'value']],
      [`${core}.emails[type eq "work"].value`, [`${core}.emails`, 'type eq "work"', 'value']],
      [enterprise, [enterprise, undefined, undefined]],
      ['urn:example:sample:1.0', ['schema', 'urn:example:sample:1.0']],
      ['http://example.com/2.0/Group', ['schema', 'http://example.com/2.0/Group']],
    ];
    for (const [text, expected] of rows) assert.deepEqual(parts(text), expected, text);
  });

  it('E53, E13, E55 refuses malformed paths', () => {
    const expected = 'expected a path such as userName, name.givenName or emails[type eq "work"].value';
    const index = 'values have no index; choose them by a filter such as [type eq "work"].';
    const tail = 'expected the end or one sub-attribute such as .value';
    const rows: readonly (readonly [string, string])[] = [
      ['', `column 1: ${expected}, found ''.`],
      ['.x', `column 1: ${expected}, found '.x'.`],
      ['a..b', `column 1: ${expected}, found 'a..b'.`],
      ['a.b.c', `column 1: ${expected}, found 'a.b.c'.`],
      [' title', `column 1: ${expected}, found ' title'.`],
      ['title ', `column 1: ${expected}, found 'title '.`],
      ['na me', `column 1: ${expected}, found 'na me'.`],
      ['emails [type eq "x"]', `column 1: ${expected}, found 'emails [type eq "x"]'.`],
      ['[type eq "x"]', `column 1: ${expected}, found '[type eq "x"]'.`],
      ['a.b[c pr]', `column 1: ${expected}, found 'a.b[c pr]'.`],
      ['/name/givenName', `column 1: ${expected}, found '/name/givenName'. JSON pointers are not used in SCIM.`],
      ['__proto__.x', `column 1: ${expected}, found '__proto__.x'.`],
      ['emails[0]', `column 7: ${index}`],
      ['emails[ 12 ].value', `column 7: ${index}`],
      ['emails[a pr].a.b', `column 13: ${tail}, found '.a.b'.`],
      ['emails[a pr] ', `column 13: ${tail}, found ' '.`],
      ['emails[a pr] .b', `column 13: ${tail}, found ' .b'.`],
      ['emails[a pr]bc', `column 13: ${tail}, found 'bc'.`],
      ['emails[a pr].', `column 13: ${tail}, found '.'.`],
      ['emails[a pr][b pr]', `column 13: ${tail}, found '[b pr]'.`],
      ['emails[a pr].b eq "x"', `column 13: ${tail}, found '.b eq "x"'.`],
      ['x'.repeat(8193), 'column 8193: longer than 8192 characters.'],
    ];
    for (const [text, detail] of rows) {
      assert.throws(
        () => parsePatchPath(text),
        { status: 400, scimType: 'invalidPath', detail: `Path, ${detail}` },
        text.slice(0, 40),
      );
    }
  });

  it('E53 refuses malformed filters in a path, with the place in the path', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['emails[type eq', 'column 15: expected a value such as "text", 42, true or null, found the end of the path.'],
      ['emails[]', `column 8: expected an attribute such as userName or name.familyName, found ']'.`],
      ['emails[', 'column 8: expected an attribute such as userName or name.familyName, found the end of the path.'],
      ['emails[type eq "x"', 'column 19: expected "and", "or" or "]", found the end of the path.'],
      ['emails[type eq "x', 'column 16: a string begins here that has no closing double quote.'],
      ['emails[a[b pr]]', 'column 9: "[" cannot stand inside "[ ]".'],
      [`emails[${'('.repeat(33)}`, 'column 40: nested deeper than 32 levels.'],
    ];
    for (const [text, detail] of rows) {
      assert.throws(
        () => parsePatchPath(text),
        { status: 400, scimType: 'invalidFilter', detail: `Path, ${detail}` },
        text,
      );
    }
  });
});
