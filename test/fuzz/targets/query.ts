import { originForm, pathOfTarget } from '../../../src/http/request-target.ts';
import { parseRead, parseSearch, parseSearchAll } from '../../../src/scim/parse-request.ts';
import { interop } from '../../../src/scim/profile.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { filterWords, refusable, scimWords, shippedMapping } from './shared.ts';

/** The target of a request line: path and query. */
export const query: FuzzTarget = {
  name: 'query',
  shape: 'text',
  dictionary: [
    ...scimWords,
    ...filterWords,
    '?',
    '&',
    '=',
    '%20',
    '%00',
    '%',
    '+',
    'filter=',
    'sortBy=',
    'sortOrder=descending',
    'startIndex=',
    'count=',
    'attributes=',
    'excludedAttributes=',
    'cursor=',
    'http://',
    'https://x',
    '*',
    '//',
    '/../',
    '%2e%2e',
  ],
  weight: 10,
  async prepare() {
    const { resourceTypes } = await shippedMapping();
    const types = resourceTypes.map(({ type }) => type);
    const limits = { defaultCount: 10, maxCount: 100 };
    return (input) => {
      const target = originForm(input.toString('latin1'));
      if (target === undefined) return;
      const parameters = [...new URLSearchParams(target.slice(pathOfTarget(target).length))];
      refusable(() => parseSearchAll({ types, limits, profile: interop, parameters }));
      for (const resourceType of types) {
        const parts = { resourceType, profile: interop, parameters };
        refusable(() => parseSearch({ ...parts, limits }));
        refusable(() => parseRead({ ...parts, id: pathOfTarget(target) }));
      }
    };
  },
};
