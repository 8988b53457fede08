import assert from 'node:assert/strict';
import { badRequest, ScimError } from '../../src/scim/error.ts';
import { errorBody, listResponse } from '../../src/scim/messages.ts';
import { urns } from '../../src/scim/urns.ts';

describe('messages', () => {
  it('J1, I9 a list', () => {
    const body = listResponse([{ id: '1' }, { id: '2' }], { totalResults: 7, startIndex: 3 });
    assert.deepEqual(body, {
      schemas: [urns.listResponse],
      totalResults: 7,
      startIndex: 3,
      itemsPerPage: 2,
      Resources: [{ id: '1' }, { id: '2' }],
    });
  });

  it('G36 an empty list', () => {
    const { totalResults, itemsPerPage, Resources } = listResponse([], { totalResults: 0 });
    assert.deepEqual([totalResults, itemsPerPage, Resources], [0, 0, []]);
  });

  it('O1 an error, status as a string', () => {
    assert.deepEqual(errorBody(badRequest('noTarget', 'Nothing there.')), {
      schemas: [urns.error],
      status: '400',
      scimType: 'noTarget',
      detail: 'Nothing there.',
    });
  });

  it('O2 no scimType where the RFC has none', () => {
    assert.equal(Object.hasOwn(errorBody(new ScimError(404, undefined, 'Not found.')), 'scimType'), false);
  });
});
