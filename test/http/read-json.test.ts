import assert from 'node:assert/strict';
import fc from 'fast-check';
import { locateJsonError } from '../../src/http/locate-json-error.ts';
import { parseJson } from '../../src/http/read-json.ts';
import { ScimError } from '../../src/scim/error.ts';

function refusal(text: string): ScimError {
  try {
    parseJson(text);
  } catch (error) {
    assert.ok(error instanceof ScimError);
    assert.equal(error.status, 400);
    assert.equal(error.scimType, 'invalidSyntax');
    return error;
  }
  return assert.fail('was accepted');
}

describe('parseJson', () => {
  it('keeps what JSON says', () => {
    const text = '{"a":[1,-2.5e3,true,null,"\\u00e4\\n\\"{["],"b":{"c":{}}}';
    assert.deepEqual(parseJson(text), JSON.parse(text));
  });

  for (const [title, text, line, column] of [
    ['a bare word', '{"a":x}', 1, 6],
    ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['a trailing comma in an object', '{"a":1,}', 1, 8],
    ['a trailing comma in an array', '[1,]', 1, 4],
    ['single quotes', "{'a':1}", 1, 2],
    ['an open string', '{"a":"b', 1, 8],
    ['a line break in a string', '{"a":"b\n"}', 1, 8],
    ['a wrong escape', '{"a":"\\x"}', 1, 8],
    ['half an escape', '{"a":"\\u12x4"}', 1, 11],
    ['an open object', '{"a":1', 1, 7],
    ['a wrong bracket', '{"a":[1}', 1, 8],
    ['a second value', '{} {}', 1, 4],
    ['a missing value', '{"a":}', 1, 6],
    ['a missing colon', '{"a" 1}', 1, 6],
    ['a number with a leading zero', '[01]', 1, 3],
    ['a half number', '[1.]', 1, 4],
    ['a lone minus', '[-]', 1, 3],
    ['a capital literal', '[True]', 1, 2],
    ['half a literal', '[tru]', 1, 5],
  ] as const) {
    it(`tells the place of ${title}`, () => {
      assert.equal(refusal(text).detail, `The body is not valid JSON: mistake at line ${line}, column ${column}.`);
    });
  }

  it('never quotes the body', () => {
    assert.doesNotMatch(refusal('{"password":"hunter2",}').detail, /hunter2|password/);
  });

  for (const text of ['', '   \n']) {
    it(`refuses an empty body: ${JSON.stringify(text)}`, () => {
      assert.equal(refusal(text).detail, 'This request needs a body.');
    });
  }

  it('bounds the depth, whatever stands in strings', () => {
    assert.deepEqual(parseJson(`["${'['.repeat(200)}\\"${'{'.repeat(200)}"]`), [
      `${'['.repeat(200)}"${'{'.repeat(200)}`,
    ]);
    const deepest = `${'['.repeat(64)}${']'.repeat(64)}`;
    assert.equal(JSON.stringify(parseJson(deepest)), deepest);
    assert.match(refusal(`${'['.repeat(65)}${']'.repeat(65)}`).detail, /64 levels/);
    assert.match(refusal('{"a":'.repeat(2_000_000)).detail, /64 levels/);
  });

  for (const text of [
    '{"__proto__":{"polluted":true},"a":1}',
    '{"a":1,"b":1,"\\u005f_proto__":{"polluted":true}}',
    '{"a":1,"c":{"__proto__":{"polluted":true}}}',
  ]) {
    it(`P13 refuses prototype keys: ${text}`, () => {
      assert.match(refusal(text).detail, /a name that no attribute can have, at line 1, column \d+/);
    });
  }

  for (const [text, place] of [
    ['{"a":1,"a":2}', 'line 1, column 8'],
    ['{"a":1,\n "b":{"c":1,"c":2}}', 'line 2, column 13'],
    ['{"a":1,"\\u0061" :2}', 'line 1, column 8'],
    ['[{"a":1},{"b":"a","a":1,"b":2}]', 'line 1, column 25'],
  ] as const) {
    it(`B14 refuses a name twice: ${JSON.stringify(text)}`, () => {
      assert.ok(refusal(text).detail.endsWith(`a name twice in one object, at ${place}.`), refusal(text).detail);
    });
  }

  for (const text of [
    '[{"a":1},{"a":2}]',
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '{"a":"b","b":"a"}',
    '["a","a"]',
    '{"a":":","b":"\\":"}',
  ]) {
    it(`takes a name in several objects: ${text}`, () => {
      assert.equal(JSON.stringify(parseJson(text)), text);
    });
  }
});

describe('locateJsonError', () => {
  it('finds the last character of 100 KB', () => {
    const members = Array.from({ length: 2000 }, (_, value) => ({ value: String(value) }));
    const text = `${JSON.stringify({ members }, null, 1)}!`;
    assert.deepEqual(locateJsonError(text), { line: text.split('\n').length, column: 2 });
  });

  it('agrees with V8 wherever that names the place', () => {
    const characters = '{}[],:"\\0-e.x\n \u0001'.split('');
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ...characters),
        fc.boolean(),
        (json, seed, inserted, replace) => {
          const at = seed % (json.length + 1);
          const text = json.slice(0, at) + inserted + json.slice(replace ? at + 1 : at);
          const expected = placeByV8(text);
          if (expected !== undefined) assert.deepEqual(locateJsonError(text), expected);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** Undefined where the text is JSON, or the message names no place. */
function placeByV8(text: string): { readonly line: number; readonly column: number } | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = String(error);
    const position = /at position (\d+)/.exec(message)?.[1];
    const offset = message.includes('Unexpected end') ? text.length : Number(position ?? Number.NaN);
    if (Number.isNaN(offset)) return undefined;
    const lines = text.slice(0, offset).split('\n');
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
}
