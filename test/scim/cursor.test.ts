import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { parseCursor, printCursor } from '../../src/scim/cursor.ts';

const settings = { secret: randomBytes(32), timeout: 600 };
const scope = { fingerprint: 'User filter', count: 10 };
const position = { key: 'jensen', rank: 0, id: 'a1' };
const now = Date.parse('2026-11-24T12:00:00Z');
const cursor = printCursor(position, scope, settings, now);

describe('cursors', () => {
  it('R5 come back as they went, in characters that need no escaping', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
          fc.constant(undefined),
        ),
        fc.string({ unit: 'grapheme' }),
        (key, id) => {
          const text = printCursor({ key, rank: 1, id }, scope, settings, now);
          assert.match(text, /^[A-Za-z0-9._~-]+$/);
          assert.deepEqual(parseCursor(text, scope, settings, now), { key, rank: 1, id });
        },
      ),
    );
  });

  const other = { ...settings, secret: randomBytes(32) };
  const refused: readonly [string, string, () => unknown, string][] = [
    ['R8', 'garbage', () => parseCursor('garbage', scope, settings, now), 'invalidCursor'],
    ['R8', 'nothing', () => parseCursor('.', scope, settings, now), 'invalidCursor'],
    ['R8', 'a third part', () => parseCursor(`${cursor}.x`, scope, settings, now), 'invalidCursor'],
    ['R9', 'an old one', () => parseCursor(cursor, scope, settings, now + 601_000), 'expiredCursor'],
    ['R10', 'another count', () => parseCursor(cursor, { ...scope, count: 11 }, settings, now), 'invalidCount'],
    [
      'R11 R14',
      'another query or caller',
      () => parseCursor(cursor, { ...scope, fingerprint: 'Group' }, settings, now),
      'invalidCursor',
    ],
    [
      'R15',
      'one of another secret',
      () => parseCursor(printCursor(position, scope, other, now), scope, settings, now),
      'invalidCursor',
    ],
    ['R15', 'a changed one', () => parseCursor(`X${cursor.slice(1)}`, scope, settings, now), 'invalidCursor'],
  ];
  for (const [rule, name, parse, scimType] of refused) {
    it(`${rule} refuses ${name}`, () => {
      assert.throws(parse, { status: 400, scimType });
    });
  }

  it('R15 refuses every change of a character', () => {
    for (let index = 0; index < cursor.length - 1; index += 1) {
      const changed = `${cursor.slice(0, index)}${cursor[index] === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`;
      assert.throws(() => parseCursor(changed, scope, settings, now), { scimType: 'invalidCursor' }, String(index));
    }
  });
});
