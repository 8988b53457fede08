import { parsePatchPath } from '../../../src/scim/path/parse-path.ts';
import { resolvePatchPath, resolveProjectionPath, resolveSortPath } from '../../../src/scim/path/resolve-path.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { filterWords, refusable, scimWords, userMapping } from './shared.ts';

/** Paths of patches, projections and sorting. */
export const path: FuzzTarget = {
  name: 'path',
  shape: 'text',
  dictionary: [...scimWords, ...filterWords],
  weight: 17,
  async prepare() {
    const { type } = await userMapping();
    return (input) => {
      const text = input.toString('utf8');
      refusable(() => resolvePatchPath(parsePatchPath(text), type));
      refusable(() => resolveProjectionPath(text, type));
      refusable(() => resolveSortPath(text, type));
    };
  },
};
