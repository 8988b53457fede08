import assert from 'node:assert/strict';
import { ScimError } from '../../../src/scim/error.ts';
import type { ScimFilter } from '../../../src/scim/filter/filter.ts';
import { parseFilter } from '../../../src/scim/filter/parse.ts';
import { printFilter } from '../../../src/scim/filter/print.ts';

const user = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Text -> the same filter in canonical text, which shows its structure. */
function accepts(rows: readonly (readonly [text: string, canonical?: string])[]): void {
  for (const [text, canonical = text] of rows) assert.equal(printFilter(parseFilter(text)), canonical, text);
}

function refuses(rows: readonly (readonly [text: string, detail: string])[]): void {
  for (const [text, detail] of rows) {
    assert.throws(
      () => parseFilter(text),
      (error) => {
        assert.ok(error instanceof ScimError, `${text}: ${String(error)}`);
        assert.deepEqual([error.status, error.scimType, error.detail], [400, 'invalidFilter', `Filter, ${detail}`]);
        return true;
      },
      text,
    );
  }
}

describe('parseFilter', () => {
  it('G1 knows all ten operators', () => {
    accepts(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'].map((operator) => [`title ${operator} "x"`]));
    accepts([['title pr']]);
  });

  it('G1 gives the term with names as written and its position', () => {
    assert.deepEqual(parseFilter('  Name.GivenName sW "B"'), {
      kind: 'compare',
      operator: 'sw',
      path: { attribute: 'Name', subAttribute: 'GivenName' },
      value: 'B',
      position: 2,
    } satisfies ScimFilter);
  });

  it('G2 takes operators and keywords in any case', () => {
    accepts([['NoT (a Eq 1) AnD b PR oR c GE 2', 'not (a eq 1) and b pr or c ge 2']]);
  });

  it('G4 binds not before and before or', () => {
    const operand = (attribute: string): ScimFilter => ({ kind: 'present', path: { attribute }, position: 0 });
    const [a, b, c] = [operand('a'), operand('b'), operand('c')];
    const rows: readonly (readonly [string, ScimFilter])[] = [
      ['a pr or b pr and c pr', { kind: 'or', filters: [a, { kind: 'and', filters: [b, c] }] }],
      ['a pr and b pr or c pr', { kind: 'or', filters: [{ kind: 'and', filters: [a, b] }, c] }],
      ['(a pr or b pr) and c pr', { kind: 'and', filters: [{ kind: 'or', filters: [a, b] }, c] }],
      ['not (a pr) and b pr', { kind: 'and', filters: [{ kind: 'not', filter: a }, b] }],
      ['not (a pr and b pr)', { kind: 'not', filter: { kind: 'and', filters: [a, b] } }],
      ['((a pr))', a],
    ];
    const plain = (filter: ScimFilter): unknown =>
      JSON.parse(JSON.stringify(filter, (key, value: unknown) => (key === 'position' ? 0 : value)));
    for (const [text, expected] of rows) assert.deepEqual(plain(parseFilter(text)), plain(expected), text);
  });

  it('G4 keeps a long chain as one node', () => {
    const filter = parseFilter(Array.from({ length: 60 }, (_, index) => `a eq ${index}`).join(' or '));
    assert.equal(filter.kind === 'or' && filter.filters.length, 60);
  });

  it('G5 wants parentheses after not', () => {
    accepts([['not(a pr)', 'not (a pr)'], ['not (not (a pr))']]);
    refuses([
      ['not a eq 1', `column 5: expected "(" after "not", found 'a'.`],
      ['not not (a pr)', `column 5: expected "(" after "not", found 'not'.`],
      ['not', 'column 4: expected "(" after "not", found the end of the filter.'],
    ]);
  });

  it('G6 reads literals as JSON does', () => {
    const rows: readonly (readonly [string, string | number | boolean | null])[] = [
      ['""', ''],
      ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
      ['"\\u00e9\\uD83D\\uDE00é😀"', 'é😀é😀'],
      ['"\\u0000*()"', '\u0000*()'],
      ['"a] and (b"', 'a] and (b'],
      ['-1', -1],
      ['-0', 0],
      ['1.5', 1.5],
      ['1e3', 1000],
      ['1E-2', 0.01],
      ['1.5e+3', 1500],
      ['true', true],
      ['FALSE', false],
      ['Null', null],
    ];
    for (const [text, value] of rows) {
      for (const filter of [`a eq ${text}`, `(a eq ${text}) and b pr`]) {
        const parsed = parseFilter(filter);
        const term = parsed.kind === 'and' ? parsed.filters[0] : parsed;
        assert.equal(term?.kind === 'compare' ? term.value : undefined, value, filter);
      }
    }
  });

  it('G6 refuses what is no JSON number', () => {
    const texts = ['01', '+1', '.5', '1.', 'NaN', 'Infinity', '-Infinity', '0x10', '1e', '1_000', '--1', '1e999'];
    refuses(
      texts.map((text) => [
        `a eq ${text}`,
        `column 6: expected a value such as "text", 42, true or null, found '${text}'. Strings need double quotes.`,
      ]),
    );
  });

  it('G6 refuses what is no JSON string', () => {
    const badEscape = 'unknown escape in a string; JSON knows \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX.';
    const control = 'control characters in a string must be written as escapes such as \\n or \\u0000.';
    refuses([
      ['a eq "x', 'column 6: a string begins here that has no closing double quote.'],
      ['a eq "x\\"', 'column 6: a string begins here that has no closing double quote.'],
      ['a eq "\\x41"', `column 7: ${badEscape}`],
      ['a eq "b\\u12g4"', `column 8: ${badEscape}`],
      ['a eq "\\', `column 7: ${badEscape}`],
      ['a eq "x\ny"', `column 8: ${control}`],
      ['a eq "x\u0000"', `column 8: ${control}`],
      ['a eq "\\ud800"', 'column 6: the string holds half of a surrogate pair.'],
      ['a eq "\udc00\ud800"', 'column 6: the string holds half of a surrogate pair.'],
    ]);
  });

  it('G7 refuses strings without double quotes', () => {
    const expected = 'expected a value such as "text", 42, true or null';
    const hint = 'Strings need double quotes.';
    refuses([
      [`userName eq 'bjensen'`, `column 13: ${expected}, found 'bjensen'. ${hint}`],
      ['externalId eq jyoung', `column 15: ${expected}, found 'jyoung'. ${hint}`],
      ['meta.lastModified gt 2011-05-13T04:42:34Z', `column 22: ${expected}, found '2011-05-13T04:42:34Z'. ${hint}`],
    ]);
  });

  it('G8, G9, G10, G12 reads value paths', () => {
    accepts([
      ['emails[type eq "work" and value co "@x"]'],
      ['emails[ type eq "work" ]', 'emails[type eq "work"]'],
      ['emails[not (type eq "work") and (value pr or display pr)]'],
      ['a pr and emails[type eq "work"] or ims[value pr]'],
      ['(emails[(type eq "work")])', 'emails[type eq "work"]'],
    ]);
  });

  it('G9 refuses brackets in brackets, and after a sub-attribute', () => {
    refuses([
      ['a[b[c pr]]', 'column 4: "[" cannot stand inside "[ ]".'],
      ['a[(b[c pr])]', 'column 5: "[" cannot stand inside "[ ]".'],
      ['a.b[c pr]', 'column 1: "[" must follow an attribute, not a sub-attribute.'],
    ]);
  });

  it('G11 reads a sub-attribute behind a value path as one more term on the same element', () => {
    accepts([
      ['emails[type eq "work"].value eq "x"', 'emails[type eq "work" and value eq "x"]'],
      ['emails[type eq "work"].value pr and a pr', 'emails[type eq "work" and value pr] and a pr'],
      ['emails[a pr and b pr].value eq "x"', 'emails[a pr and b pr and value eq "x"]'],
      ['emails[a pr or b pr].value eq "x"', 'emails[(a pr or b pr) and value eq "x"]'],
      ['members[value pr].$ref pr', 'members[value pr and $ref pr]'],
    ]);
    refuses([
      ['emails[a pr].b.c pr', `column 13: expected a sub-attribute such as ".value" after "]", found '.b.c'.`],
      ['emails[a pr].', `column 13: expected a sub-attribute such as ".value" after "]", found '.'.`],
      ['emails[a pr] .b pr', `column 14: expected "and", "or" or the end, found '.b'.`],
      [
        'emails[a pr].value',
        'column 19: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr), found the end of the filter.',
      ],
    ]);
  });

  it('G13, E44 splits a URN from the attribute behind its last colon', () => {
    const rows: readonly (readonly [string, object])[] = [
      [`${user}:userName pr`, { urn: user, attribute: 'userName' }],
      [`${enterprise}:manager.value pr`, { urn: enterprise, attribute: 'manager', subAttribute: 'value' }],
      [`${enterprise}.manager.value pr`, { urn: enterprise, attribute: 'manager', subAttribute: 'value' }],
      [
        `${enterprise}.manager pr`,
        { urn: enterprise.replace(':User', ''), attribute: 'User', subAttribute: 'manager' },
      ],
      ['urn:example:1.5:a pr', { urn: 'urn:example:1.5', attribute: 'a' }],
      [
        'http://example.com/2.0/Group:a.b pr',
        { urn: 'http://example.com/2.0/Group', attribute: 'a', subAttribute: 'b' },
      ],
      [`${user}:emails[type eq "work"]`, { urn: user, attribute: 'emails' }],
    ];
    for (const [text, path] of rows) {
      const parsed = parseFilter(text);
      assert.deepEqual('path' in parsed ? parsed.path : undefined, path, text);
    }
  });

  it('G14 reads $ref and common attributes', () => {
    accepts([['$ref pr'], ['members.$ref eq "x"'], ['meta.lastModified gt "x"'], ['x-a_1 pr']]);
  });

  it('G15 takes any run of white space, and none where tokens cannot run together', () => {
    accepts([
      [' \t a \r\n eq \n"x"  ', 'a eq "x"'],
      ['a eq"x"and(b pr)or not(c pr)', 'a eq "x" and b pr or not (c pr)'],
    ]);
    refuses([
      ['a\u00a0eq 1', `column 1: expected an attribute such as userName or name.familyName, found 'a\u00a0eq'.`],
    ]);
  });

  it('G16 refuses every malformed filter, naming place, expectation and finding', () => {
    const attribute = 'expected an attribute such as userName or name.familyName';
    const operator = 'expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)';
    const value = 'expected a value such as "text", 42, true or null';
    const more = 'expected "and", "or" or';
    const end = 'found the end of the filter.';
    refuses([
      ['', `column 1: ${attribute}, ${end}`],
      ['  ', `column 3: ${attribute}, ${end}`],
      ['()', `column 2: ${attribute}, found ')'.`],
      ['a', `column 2: ${operator}, ${end}`],
      ['a eq', `column 5: ${value}, ${end}`],
      ['a eq )', `column 6: ${value}, found ')'.`],
      ['a eq 1 and', `column 11: ${attribute}, ${end}`],
      ['and a eq 1', `column 1: ${attribute}, found 'and'.`],
      ['a pr or or b pr', `column 9: ${attribute}, found 'or'.`],
      ['userName eq "a" b', `column 17: ${more} the end, found 'b'.`],
      ['userName eq "a""b"', `column 16: ${more} the end, found "b".`],
      ['title pr "x"', `column 10: ${more} the end, found "x".`],
      ['a pr)', `column 5: ${more} the end, found ')'.`],
      ['(a pr', `column 6: ${more} ")", ${end}`],
      ['(a pr]', `column 6: ${more} ")", found ']'.`],
      ['a[b pr', `column 7: ${more} "]", ${end}`],
      ['a[b pr)', `column 7: ${more} "]", found ')'.`],
      ['a[]', `column 3: ${attribute}, found ']'.`],
      ['a regex "x"', `column 3: ${operator}, found 'regex'.`],
      ['a = "x"', `column 3: ${operator}, found '='.`],
      ['"a" eq 1', `column 1: ${attribute}, found "a".`],
      ...['a..b', 'a.', '.a', '1a', 'x%y', 'a.b.c', '$a', 'a/b', '__proto__', ':a', 'urn:', 'urn:a:2.0', 'é'].map(
        (name) => [`${name} pr`, `column 1: ${attribute}, found '${name}'.`] as const,
      ),
    ]);
  });

  it('writes what it found without control characters and at bounded length', () => {
    refuses([
      [
        'a eq \u0007\u202e\u2028',
        `column 6: expected a value such as "text", 42, true or null, found '???'. Strings need double quotes.`,
      ],
      [
        `a eq ${'x'.repeat(101)}`,
        `column 6: expected a value such as "text", 42, true or null, found '${'x'.repeat(100)}...'. Strings need double quotes.`,
      ],
    ]);
  });
});
