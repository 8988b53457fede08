import assert from 'node:assert/strict';
import { createAudit } from '../../src/observe/audit.ts';
import type { Observation } from '../../src/observe/observation.ts';
import { verifyAudit } from '../../src/observe/verify-audit.ts';

const change = (id: string): Observation => ({
  kind: 'change',
  requestId: `r-${id}`,
  client: 'entra',
  operation: 'patch',
  resourceType: 'User',
  id,
  status: 200,
  version: 'v2',
  ldap: [`modify uid=${id},ou=people replace:title(1)`],
});

function fail(error: unknown): never {
  throw error;
}

function write(ids: readonly string[], options: { readonly end?: boolean; readonly tenant?: string } = {}): string[] {
  const lines: string[] = [];
  const audit = createAudit((line) => lines.push(line.slice(0, -1)), fail);
  for (const id of ids) audit.observe(change(id), options.tenant);
  if (options.end === true) audit.end();
  return lines;
}

const messages = (lines: readonly string[]): readonly string[] =>
  verifyAudit(lines).problems.map(({ line, message }) => `${line} ${message.replaceAll(/ [0-9a-f-]{36}/g, '')}`);

describe('audit', () => {
  it('has a line for every change, with who and what, and for nothing else', () => {
    const lines: string[] = [];
    const audit = createAudit(
      (line) => lines.push(line),
      fail,
      () => new Date(0),
    );
    audit.observe({ kind: 'ldapOperation', operation: 'search', code: 0, milliseconds: 1 });
    audit.observe(change('a'), 'north');
    audit.end();
    const [first, last] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(lines.every((line) => line.endsWith('}\n')));
    const { chain, hash, ...rest } = first ?? {};
    assert.match([chain, hash].join(' '), /^[0-9a-f-]{36} [0-9a-f]{64}$/);
    assert.deepEqual(rest, { seq: 1, time: '1970-01-01T00:00:00.000Z', tenant: 'north', ...change('a'), previous: '' });
    assert.deepEqual([last?.['seq'], last?.['kind'], last?.['previous']], [2, 'end', hash]);
  });

  it('is in order as it was written, and says what is closed', () => {
    const lines = [...write(['a', 'b', 'c'], { end: true }), ...write(['d'])];
    const { problems, chains } = verifyAudit([...lines, '']);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      chains.map(({ first, last, ended }) => [first, last, ended]),
      [
        [1, 4, true],
        [1, 1, false],
      ],
    );
  });

  it('is in order where several processes write side by side', () => {
    const [one, other] = [write(['a', 'b'], { end: true }), write(['c', 'd'], { end: true })];
    assert.deepEqual(messages(one.flatMap((line, index) => [line, other[index] ?? ''])), []);
  });

  const lines = write(['a', 'b', 'c', 'd'], { end: true });
  for (const [title, changed, expected] of [
    ['a line is missing', lines.toSpliced(1, 1), ['2 follows on record 1, and is record 3 of chain']],
    ['lines are exchanged', [lines[0], lines[2], lines[1], lines[3], lines[4]], undefined],
    [
      'a line is altered',
      lines.with(1, lines[1]!.replace('"id":"b"', '"id":"x"')),
      ['2 was altered: record 2 of chain'],
    ],
    [
      'a member is added that another one covers',
      lines.with(1, lines[1]!.replace('"id":"b"', '"id":"x","id":"b"')),
      ['2 was altered: record 2 of chain'],
    ],
    ['a line is there twice', lines.toSpliced(1, 0, lines[0]!), ['2 is there twice: record 1 of chain']],
    ['a line is something else', lines.with(4, 'nonsense'), ['5 is no record of an audit']],
    ['a line has broken off', lines.with(4, lines[4]!.slice(0, 40)), ['5 is no record of an audit']],
  ] as const) {
    it(`shows that ${title}`, () => {
      const found = messages(changed.map((line) => line ?? ''));
      if (expected === undefined) assert.ok(found.length > 0);
      else assert.deepEqual(found, expected);
    });
  }

  it('shows a record that was made anew with its hash, by the one behind it', () => {
    const [first, , third] = lines;
    const forged = write(['a', 'x'])
      .map((line) => line.replace(/"chain":"[^"]+"/, /"chain":"[^"]+"/.exec(first!)![0]))
      .at(1)!;
    assert.ok(messages([first!, forged, third!]).length > 0);
  });

  it('of which the beginning is elsewhere says where it begins, and its end shows as missing', () => {
    const { problems, chains } = verifyAudit(lines.slice(2, 4));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      chains.map(({ first, last, ended }) => [first, last, ended]),
      [[3, 4, false]],
    );
  });

  it('goes on after a line that could not be written, without a gap', () => {
    const written: string[] = [];
    const errors: unknown[] = [];
    let full = false;
    const audit = createAudit(
      (line) => {
        if (full) throw new Error('no space left');
        written.push(line.slice(0, -1));
      },
      (error) => errors.push(error),
    );
    audit.observe(change('a'));
    full = true;
    audit.observe(change('b'));
    full = false;
    audit.observe(change('c'));
    assert.equal(errors.length, 1);
    assert.deepEqual(messages(written), []);
  });
});
