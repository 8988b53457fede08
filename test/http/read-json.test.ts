import assert from 'node:assert/strict';
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
    ['a wrong escape', '{"a":"\\x"}', 1, 7],
    ['an open object', '{"a":1', 1, 7],
    ['a wrong bracket', '{"a":[1}', 1, 8],
    ['a second value', '{} {}', 1, 4],
    ['a missing value', '{"a":}', 1, 6],
    ['a missing colon', '{"a" 1}', 1, 6],
    ['a number with a leading zero', '[01]', 1, 3],
    ['a half number', '[1.]', 1, 3],
    ['a lone minus', '[-]', 1, 2],
    ['a capital literal', '[True]', 1, 2],
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
    it(`P13 drops prototype keys: ${text}`, () => {
      const value = parseJson(text) as Record<string, Record<string, unknown>>;
      assert.equal(Object.hasOwn(value, '__proto__'), false);
      assert.equal(Object.hasOwn(value['c'] ?? {}, '__proto__'), false);
      assert.equal({ ...value, ...value['c'] }['polluted'], undefined);
      assert.equal(value['a'], 1);
    });
  }
});

describe('locateJsonError', () => {
  it('agrees with JSON.parse on where a text of 100 KB breaks', () => {
    const text = `${JSON.stringify({ members: Array.from({ length: 2000 }, (_, value) => ({ value: String(value) })) }, null, 1)}!`;
    const lines = text.split('\n');
    assert.deepEqual(locateJsonError(text), { line: lines.length, column: 2 });
  });
});
