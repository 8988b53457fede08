// Every operator of every attribute type, on an attribute that has one value.
import assert from 'node:assert/strict';
import { evaluateFilter } from '../../../src/scim/filter/evaluate.ts';
import type { CompareOperator } from '../../../src/scim/filter/filter.ts';
import { parseFilter } from '../../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../../src/scim/filter/resolve.ts';
import { samplePerson } from './sample-person.ts';
import { enterprise, userType } from './sample-type.ts';

function holds(text: string): boolean {
  return evaluateFilter(resolveFilter(parseFilter(text), userType), samplePerson);
}

describe('evaluateFilter: operators', () => {
  // Per row: an attribute with one value, and for each operator literals for which it holds and does not.
  const everyOperator: readonly (readonly [string, Partial<Record<CompareOperator, readonly [string[], string[]]>>])[] =
    [
      [
        'userName', // not case exact: BJensen
        {
          eq: [
            ['"BJensen"', '"bjensen"', '" bjensen "'],
            ['"bjense"', '""', '"b jensen"'],
          ],
          ne: [['"x"', '""'], ['"BJENSEN"']],
          co: [
            ['"jens"', '"N"', '""'],
            ['"jens "', '"x"'],
          ],
          sw: [
            ['"bj"', '"BJENSEN"'],
            ['"jensen"', '" bj"'],
          ],
          ew: [['"SEN"'], ['"bjense"']],
          gt: [
            ['"bjense"', '"A"', '""'],
            ['"bjensen"', '"c"'],
          ],
          ge: [['"bjensen"'], ['"bjensena"']],
          lt: [
            ['"bjensena"', '"C"'],
            ['"bjensen"', '"b"'],
          ],
          le: [['"BJENSEN"'], ['"bjense"']],
        },
      ],
      [
        'code', // case exact: Xy
        {
          eq: [['"Xy"'], ['"xy"', '"XY"', '" Xy"']],
          ne: [['"xy"'], ['"Xy"']],
          co: [['"y"'], ['"Y"', '"x"']],
          sw: [['"X"'], ['"x"']],
          ew: [['"y"'], ['"Y"']],
          gt: [
            ['"XY"', '"Xx"'],
            ['"xy"', '"Xy"'],
          ],
          ge: [['"Xy"'], ['"Xz"']],
          lt: [
            ['"a"', '"Xz"'],
            ['"Xy"', '"XY"'],
          ],
          le: [['"Xy"'], ['"XY"']],
        },
      ],
      ['active', { eq: [['false', '"False"'], ['true']], ne: [['true'], ['false']] }],
      [
        'level', // 0
        {
          eq: [['0', '-0', '0.0'], ['1']],
          ne: [['1'], ['0']],
          gt: [
            ['-1', '-0.5'],
            ['0', '1'],
          ],
          ge: [['0'], ['0.5']],
          lt: [
            ['10', '2'],
            ['0', '-1'],
          ],
          le: [['0'], ['-1']],
        },
      ],
      [
        'score', // 1.5
        {
          eq: [['1.5', '15e-1'], ['1']],
          ne: [['1'], ['1.50']],
          gt: [['1'], ['1.5', '10']],
          ge: [['1.5'], ['1.51']],
          lt: [['10'], ['1.5']],
          le: [['1.5'], ['1']],
        },
      ],
      [
        'hired', // 2026-01-02T03:04:05Z
        {
          eq: [['"2026-01-02T03:04:05.000Z"', '"2026-01-02T05:04:05.0000000+02:00"'], ['"2026-01-02T03:04:05.001Z"']],
          ne: [['"2026-01-02T03:04:06Z"'], ['"2026-01-01T22:04:05-05:00"']],
          // Later as text, earlier as an instant.
          gt: [['"2026-01-02T04:00:00+02:00"', '"2025-12-31T23:59:59Z"'], ['"2026-01-02T03:04:05Z"']],
          ge: [['"2026-01-02T03:04:05Z"'], ['"2026-01-02T03:04:05.1Z"']],
          lt: [['"2026-01-02T01:04:06-02:00"'], ['"2026-01-02T03:04:05Z"']],
          le: [['"2026-01-02T03:04:05Z"'], ['"2026-01-02T04:04:05+02:00"']],
        },
      ],
      [
        'badge',
        {
          eq: [
            ['"AQI="', '"AQI"'],
            ['"AQID"', '"aqi="'],
          ],
          ne: [['"AQID"'], ['"AQI"']],
        },
      ],
      [
        `${enterprise}:manager`, // value M1, not case exact
        { eq: [['"M1"'], ['"M2"']], ne: [['"M2"'], ['"M1"']], sw: [['"M"'], ['"1"']] },
      ],
    ];

  for (const [attribute, operators] of everyOperator) {
    for (const [operator, [met, unmet]] of Object.entries(operators)) {
      it(`G20 to G24 ${attribute.split(':').at(-1)} ${operator}`, () => {
        for (const value of met) assert.equal(holds(`${attribute} ${operator} ${value}`), true, value);
        for (const value of unmet) assert.equal(holds(`${attribute} ${operator} ${value}`), false, value);
      });
    }
  }
});
