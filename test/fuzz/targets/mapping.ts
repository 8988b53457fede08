import assert from 'node:assert/strict';
import { compileMapping } from '../../../src/mapping/compile-mapping.ts';
import { loadMappingText } from '../../../src/mapping/file/load-mapping.ts';
import { printProblem } from '../../../src/util/problem.ts';
import { scimSubschema } from '../../mapping/compiled.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { scimWords } from './shared.ts';

/** A mapping file: whatever is in it, problems are told and nothing is thrown. */
export const mapping: FuzzTarget = {
  name: 'mapping',
  shape: 'lines',
  dictionary: [
    ...scimWords,
    'resourceTypes:',
    'attributes:',
    'entry:',
    'attribute: ',
    'transform: ',
    'reference: ',
    'constant: ',
    'map: ',
    'base: ',
    'filter: ',
    'rdn: ',
    'default: ',
    'access: readOnly',
    'variables:',
    'backlink: ',
    'write: ',
    'placement:',
    'generalizedTime',
    'accountLock',
    'bitFlag',
    'guid',
    'fileTime',
    'passwordModify',
    'member',
    'objectClass',
    ': ',
    '- ',
    '  ',
    '\n  ',
    '[',
    '{',
    '&a ',
    '*a',
    '!!binary ',
    '|\n',
    '>\n',
    '? ',
    '<<: ',
    '---\n',
    '${suffix}',
    '#',
  ],
  weight: 1,
  prepare: () => async (input) => {
    // What a file extends is read from the disk: not here.
    const text = input.toString('utf8').replaceAll(/extends/gi, 'extended');
    const loaded = await loadMappingText(text, 'm.yaml');
    const file = loaded.mapping ?? loaded.draft;
    const more =
      file === undefined
        ? []
        : compileMapping(file, { subschema: scimSubschema, live: true, matchEntryDn: true }).problems;
    for (const problem of [...loaded.problems, ...more]) {
      assert.match(printProblem(problem), /^m\.yaml(:\d+:\d+)? (error|warning) (MAP|DIR)\d+ /);
    }
  },
};
