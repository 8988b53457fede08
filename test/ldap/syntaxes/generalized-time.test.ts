import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseGeneralizedTime, printGeneralizedTime } from '../../../src/ldap/syntaxes/generalized-time.ts';

describe('GeneralizedTime', () => {
  const valid: readonly (readonly [text: string, iso: string])[] = [
    ['20261124112733Z', '2026-11-24T11:27:33.000Z'],
    ['202611241127Z', '2026-11-24T11:27:00.000Z'],
    ['2026112411Z', '2026-11-24T11:00:00.000Z'],
    ['20261124112733.5Z', '2026-11-24T11:27:33.500Z'],
    ['20261124112733,25Z', '2026-11-24T11:27:33.250Z'],
    ['20261124112733.206888Z', '2026-11-24T11:27:33.206Z'],
    ['20261124112733.29Z', '2026-11-24T11:27:33.290Z'],
    ['20261124112733.99999999999999999999Z', '2026-11-24T11:27:33.999Z'],
    ['202611241127.5Z', '2026-11-24T11:27:30.000Z'],
    ['2026112411.25Z', '2026-11-24T11:15:00.000Z'],
    ['20261124112733+0200', '2026-11-24T09:27:33.000Z'],
    ['20261124112733-05', '2026-11-24T16:27:33.000Z'],
    ['202611241127+0530', '2026-11-24T05:57:00.000Z'],
    ['20240229000000Z', '2024-02-29T00:00:00.000Z'],
    ['20161231235960Z', '2017-01-01T00:00:00.000Z'],
    ['19691231235959Z', '1969-12-31T23:59:59.000Z'],
    // Active Directory and Samba write the fraction always; ppolicy's permanent lock is in the year 0.
    ['20261124112733.0Z', '2026-11-24T11:27:33.000Z'],
    ['000001010000Z', '0000-01-01T00:00:00.000Z'],
  ];
  for (const [text, iso] of valid) {
    it(`reads ${text}`, () => assert.equal(new Date(parseGeneralizedTime(text) ?? Number.NaN).toISOString(), iso));
  }

  for (const text of [
    '',
    '20261124112733',
    '20261124Z',
    '20261324112733Z',
    '20260230112733Z',
    '20230229112733Z',
    '20260100112733Z',
    '20261124242733Z',
    '20261124116033Z',
    '20261124112761Z',
    '20261124112733.Z',
    '20261124112733+24',
    '20261124112733+0260',
    '20261124112733+2',
    ' 20261124112733Z',
    '20261124112733Z\n',
    '2026-11-24T11:27:33Z',
    '261124112733Z',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseGeneralizedTime(text), undefined));
  }

  it('prints milliseconds only where there are some', () => {
    assert.equal(printGeneralizedTime(Date.UTC(2026, 10, 24, 11, 27, 33)), '20261124112733Z');
    assert.equal(printGeneralizedTime(Date.UTC(2026, 10, 24, 11, 27, 33, 7)), '20261124112733.007Z');
    assert.equal(printGeneralizedTime(-62_167_219_200_000), '00000101000000Z');
    assert.throws(() => printGeneralizedTime(Date.UTC(10_000, 0, 1)), RangeError);
    assert.throws(() => printGeneralizedTime(Number.NaN), RangeError);
  });

  it('reads back what it prints', () => {
    const time = fc.date({
      min: new Date(Date.UTC(0, 0, 1)),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(time, (date) => assert.equal(parseGeneralizedTime(printGeneralizedTime(+date)), +date)));
  });
});
