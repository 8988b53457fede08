import assert from 'node:assert/strict';
import { printProblem } from '../../src/util/problem.ts';
import { checkFileSchema, compileFileSchema, parseYamlDocument } from '../../src/util/yaml-document.ts';

const codes = { syntax: 'T001', unknownKey: 'T002', missingKey: 'T003', wrongType: 'T004', wrongValue: 'T005' };

const validate = compileFileSchema({
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: '^[a-z]+$', examples: ['alpha'] },
    port: { type: 'integer', minimum: 0, maximum: 65535 },
    mode: { enum: ['one', 'subtree'] },
    rules: { type: 'object', additionalProperties: { $ref: '#/$defs/rule' } },
    list: { type: 'array', items: { type: 'string', errorHint: 'quote it' } },
  },
  $defs: {
    rule: {
      anyOf: [
        { type: 'string' },
        { type: 'object', additionalProperties: false, properties: { attribute: { type: 'string' } } },
      ],
    },
  },
});

function check(text: string): readonly string[] {
  const document = parseYamlDocument(text, 'x.yaml', codes.syntax);
  const problems =
    document.value === undefined ? [] : checkFileSchema(validate, document.value, document.locate, codes);
  return [...document.problems, ...problems].map(printProblem);
}

describe('yaml documents', () => {
  for (const [title, text, expected] of [
    ['a good file', 'name: alpha\nport: 1\nrules: { a: b, c: { attribute: d } }\n', []],
    [
      'an unknown key, with a hint',
      'name: a\nprot: 1\n',
      ['x.yaml:2:1 error T002 prot: unknown key (did you mean "port"?)'],
    ],
    ['a missing key', 'port: 1\n', ['x.yaml:1:1 error T003 "name" is missing']],
    ['a wrong type', 'name: a\nport: many\n', ['x.yaml:2:1 error T004 port: must be a whole number, not text']],
    [
      'a wrong word',
      'name: a\nmode: subtre\n',
      ['x.yaml:2:1 error T005 mode: must be one of one, subtree (did you mean "subtree"?)'],
    ],
    [
      'a pattern, with the example',
      'name: A1\n',
      ['x.yaml:1:1 error T005 name: is not of the form that is expected here (for example "alpha")'],
    ],
    ['a range', 'name: a\nport: 70000\n', ['x.yaml:2:1 error T005 port: must be <= 65535']],
    [
      'the form that was chosen',
      'name: a\nrules:\n  r: { atribute: x }\n',
      ['x.yaml:3:8 error T002 rules.r.atribute: unknown key (did you mean "attribute"?)'],
    ],
    ['no form at all', 'name: a\nrules:\n  r: 7\n', ['x.yaml:3:3 error T004 rules.r: must not be a number here']],
    [
      'an element of a list',
      'name: a\nlist:\n  - x\n  - 2\n',
      ['x.yaml:4:5 error T004 list.1: must be text, not a number (quote it)'],
    ],
    [
      'all problems at once, in order',
      'b: 1\nport: x\na: 1\n',
      [
        'x.yaml:1:1 error T003 "name" is missing',
        'x.yaml:1:1 error T002 b: unknown key (known keys: name, port, mode, rules, list)',
        'x.yaml:2:1 error T004 port: must be a whole number, not text',
        'x.yaml:3:1 error T002 a: unknown key (known keys: name, port, mode, rules, list)',
      ],
    ],
    ['an empty file', '', ['x.yaml:1:1 error T004 must be a block of keys, not empty']],
  ] as const) {
    it(`tells ${title}`, () => {
      assert.deepEqual(check(text), expected);
    });
  }

  for (const [title, text, pattern] of [
    ['broken YAML', 'name: a\n  b: [1\n', /^x\.yaml:\d+:\d+ error T001 /],
    ['duplicate keys', 'name: a\nname: b\n', /^x\.yaml:2:1 error T001 /],
    ['a second document', 'name: a\n---\nname: b\n', /^x\.yaml:\d+:\d+ error T001 /],
    ['aliases that multiply', bomb(), /^x\.yaml:1:1 error T001 .*alias/],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.match(check(text)[0] ?? '', pattern);
    });
  }

  it('finds keys through aliases, and the nearest ancestor of what is absent', () => {
    const document = parseYamlDocument('a: &x\n  b: 1\nc: *x\n', 'y.yaml', codes.syntax);
    assert.deepEqual(document.locate(['c', 'b']), { file: 'y.yaml', line: 2, column: 3 });
    assert.deepEqual(document.locate(['c', 'z']), { file: 'y.yaml', line: 3, column: 1 });
    assert.equal(document.has(['a', 'b']), true);
    assert.equal(document.has(['a', 'z']), false);
  });

  it('keeps a __proto__ key harmless', () => {
    const value = parseYamlDocument('__proto__: { polluted: true }\n', 'z.yaml', codes.syntax).value as object;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal('polluted' in value, false);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 8; level += 1) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  return lines.join('\n');
}
