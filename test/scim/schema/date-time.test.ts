import assert from 'node:assert/strict';
import { parseDateTime } from '../../../src/scim/schema/date-time.ts';

const equal: readonly [text: string, canonical: string][] = [
  ['2026-01-31T08:30:00Z', '2026-01-31T08:30:00Z'],
  ['2026-01-31T08:30:00.000Z', '2026-01-31T08:30:00Z'],
  ['2026-01-31T10:30:00+02:00', '2026-01-31T08:30:00Z'],
  ['2026-01-31T00:00:00-05:30', '2026-01-31T05:30:00Z'],
  ['2026-01-31T08:30:00.1234567Z', '2026-01-31T08:30:00.1234567Z'],
  ['2026-01-31T08:30:00.120Z', '2026-01-31T08:30:00.12Z'],
  ['2024-02-29T23:59:59+14:00', '2024-02-29T09:59:59Z'],
  ['2026-12-31T24:00:00Z', '2027-01-01T00:00:00Z'],
  ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00Z'],
];

const malformed = [
  '2026-01-31',
  '2026-01-31T08:30:00',
  '2026-01-31 08:30:00Z',
  '2026-01-31T08:30Z',
  '2026-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-01-31T24:00:01Z',
  '2026-01-31T08:60:00Z',
  '2026-01-31T08:30:60Z',
  '2026-01-31T08:30:00+15:00',
  '2026-01-31T08:30:00+02:60',
  '2026-01-31T08:30:00+0200',
  '2026-01-31T08:30:00.Z',
  '2026-01-31T08:30:00.1234567890Z',
  '20260131083000Z',
  '2026-01-31T08:30:00z',
  ' 2026-01-31T08:30:00Z',
  '',
  '9999-12-31T24:00:00Z',
  '0000-01-01T00:00:00+01:00',
];

describe('parseDateTime', () => {
  for (const [text, canonical] of equal) {
    it(`Q5 ${text} is ${canonical}`, () => {
      assert.equal(parseDateTime(text)?.text, canonical);
      assert.deepEqual(parseDateTime(canonical), parseDateTime(text));
    });
  }

  it('G23 counts milliseconds since 1970 and cuts what is finer', () => {
    assert.equal(parseDateTime('1970-01-01T00:00:01.5Z')?.milliseconds, 1500);
    assert.equal(parseDateTime('1970-01-01T00:00:00.0019999Z')?.milliseconds, 1);
    assert.equal(parseDateTime('1969-12-31T23:59:59.25Z')?.milliseconds, -750);
  });

  for (const text of malformed) {
    it(`E63 refuses "${text}"`, () => assert.equal(parseDateTime(text), undefined));
  }
});
