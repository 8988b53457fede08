import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ScimError } from '../../../src/scim/error.ts';
import { evaluateFilter } from '../../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../../src/scim/filter/resolve.ts';
import { parsePatchPath } from '../../../src/scim/path/parse-path.ts';
import { resolvePatchPath, resolveProjectionPath, resolveSortPath } from '../../../src/scim/path/resolve-path.ts';
import { samplePerson } from './sample-person.ts';
import { userType } from './sample-type.ts';

// Text that comes close to filters, so that it gets past the first token.
const nearFilter = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', '(', ')', '[', ']', '"', '.', ':', '\\', '\n', '\0', '\ud800', '$ref', 'not', 'and', 'or'),
      fc.constantFrom('pr', 'eq', 'ne', 'gt', 'co', 'true', 'null', '1', '-', '"x"', '"2026-01-02T03:04:05Z"'),
      fc.constantFrom(
        'userName',
        'emails',
        'type',
        'value',
        'active',
        'manager',
        'hired',
        'tags',
        'urn:example:sample:1.0',
      ),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 14 },
  )
  .chain((parts) => fc.constantFrom(parts.join(' '), parts.join('')));

const anyText = fc.oneof(nearFilter, fc.string({ unit: 'binary', maxLength: 40 }));

/** The only error that client text may cause, with a message that is safe in one line of a log. */
function assertRefusal(error: unknown, scimTypes: readonly string[], text: string): void {
  assert.ok(error instanceof ScimError, `${JSON.stringify(text)}: ${String(error)}`);
  assert.equal(error.status, 400);
  assert.ok(scimTypes.includes(error.scimType ?? ''), error.scimType);
  assert.doesNotMatch(error.detail, /[\p{Cc}\p{Zl}\p{Zp}]/u);
  assert.ok(error.detail.isWellFormed());
}

function neverBreaks(scimTypes: readonly string[], run: (text: string) => unknown): void {
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        run(text);
      } catch (error) {
        assertRefusal(error, scimTypes, text);
      }
    }),
    { numRuns: 2000 },
  );
}

describe('hostile text', () => {
  it('G16 any text is a filter or 400 invalidFilter', () => {
    neverBreaks(['invalidFilter'], (text) => {
      for (const unknown of ['never', 'reject'] as const) {
        const filter = resolveFilter(parseFilter(text), userType, { unknown });
        assert.equal(typeof evaluateFilter(filter, samplePerson), 'boolean');
      }
    });
  });

  it('E53 any text is a patch path or 400 invalidPath or invalidFilter', () => {
    neverBreaks(['invalidPath', 'invalidFilter'], (text) => resolvePatchPath(parsePatchPath(text), userType));
  });

  it('H9 any text is a sort path or 400 invalidValue', () => {
    neverBreaks(['invalidValue'], (text) => resolveSortPath(text, userType));
  });

  it('K8 any text is a projection path or ignored', () => {
    neverBreaks([], (text) => resolveProjectionPath(text, userType));
  });

  it('G17 a filter of the largest size resolves and evaluates', () => {
    const deep = `${'not ('.repeat(32)}userName pr${')'.repeat(32)}`;
    assert.equal(evaluateFilter(resolveFilter(parseFilter(deep), userType), samplePerson), true);
    const wide = Array.from({ length: 499 }, (_, index) => `level eq ${index + 1}`).join(' or ');
    assert.equal(evaluateFilter(resolveFilter(parseFilter(wide), userType), samplePerson), false);
  });
});
