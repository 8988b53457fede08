import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { assertError, enterprise, type Identified, list, object, query, useGateway } from './use-gateway.ts';

describe('H sort', () => {
  const gateway = useGateway();
  const { scim } = gateway;

  before(async () => {
    await gateway.user('s1', {
      name: { familyName: 'adler' },
      externalId: 'b',
      emails: [
        { value: 'z@example.test', type: 'work', primary: true },
        { value: 'a@example.test', type: 'home' },
      ],
      [enterprise]: { department: '2' },
    });
    await gateway.user('S2', {
      name: { familyName: 'Zimmer' },
      externalId: 'B',
      title: 'x',
      emails: [{ value: 'm@example.test', type: 'home' }],
      [enterprise]: { department: '1' },
    });
    await gateway.user('s3', { name: { familyName: 'Ähre' }, title: 'a', externalId: 'a' });
  });

  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ['H1 H3 ascending, letter case aside', { sortBy: 'userName' }, 's1 S2 s3'],
    ['H2 descending', { sortBy: 'userName', sortOrder: 'descending' }, 's3 S2 s1'],
    ['H3 with letter case where it counts', { sortBy: 'externalId' }, 'S2 s3 s1'],
    ['H4 by the primary value, else the first', { sortBy: 'emails.value' }, 'S2 s1 s3'],
    ['H5 a list by its value', { sortBy: 'emails' }, 'S2 s1 s3'],
    ['H5 a part', { sortBy: 'name.familyName' }, 's1 S2 s3'],
    ['H6 absent last', { sortBy: 'title' }, 's3 S2 s1'],
    ['H6 absent first when descending', { sortBy: 'title', sortOrder: 'descending' }, 's1 S2 s3'],
    ['H7 by URN', { sortBy: `${enterprise}:department` }, 'S2 s1 s3'],
    ['H7 by meta', { sortBy: 'meta.created', filter: 'userName eq "s1"' }, 's1'],
    ['H8 before the page', { sortBy: 'userName', startIndex: '2', count: '1' }, 'S2'],
    ['H8 the next page', { sortBy: 'userName', startIndex: '3', count: '1' }, 's3'],
    ['K13 by what is not shown', { sortBy: 'title', attributes: 'userName' }, 's3 S2 s1'],
  ];
  for (const [title, parameters, expected] of cases) {
    it(`${title}: ${JSON.stringify(parameters)}`, async () => {
      assert.equal((await gateway.names(`/Users?${query(parameters)}`)).join(' '), expected);
      const { startIndex, count, ...rest } = parameters;
      const numbers = { ...(startIndex && { startIndex: Number(startIndex) }), ...(count && { count: Number(count) }) };
      const { attributes, ...search } = rest;
      const body = {
        schemas: [urns.searchRequest],
        ...search,
        ...(attributes && { attributes: [attributes] }),
        ...numbers,
      };
      const found = list((await scim('POST', '/Users/.search', body)).body['Resources']);
      assert.equal(found.map(({ userName }) => userName).join(' '), expected);
    });
  }

  for (const [title, parameters] of [
    ['H2 another order', { sortBy: 'userName', sortOrder: 'up' }],
    ['H5 a complex attribute', { sortBy: 'name' }],
    ['H9 an unknown attribute', { sortBy: 'shoeSize' }],
    ['H9 a secret', { sortBy: 'password' }],
  ] as const) {
    it(`${title} -> 400 invalidValue`, async () => {
      assertError(await scim('GET', `/Users?${query(parameters)}`), 400, 'invalidValue');
    });
  }

  it('H10 an order of nothing is ignored', async () => {
    assert.equal((await gateway.names('/Users?sortOrder=descending')).length, 3);
  });
});

describe('I pages', () => {
  const gateway = useGateway({ limits: { defaultCount: 4, maxCount: 6 } });
  const { scim, read } = gateway;
  before(async () => {
    await Promise.all(Array.from({ length: 9 }, (_, n) => gateway.user(`p${n}`, { title: n < 5 ? 'low' : 'high' })));
  });

  const cases: readonly (readonly [string, string, number, number])[] = [
    ['I1 startIndex 0', 'startIndex=0&count=2', 1, 2],
    ['I1 a negative one', 'startIndex=-3&count=2', 1, 2],
    ['I2 a negative count', 'count=-1', 1, 0],
    ['I3 count 0', 'count=0', 1, 0],
    ['I4 I8 count', 'startIndex=2&count=3', 2, 3],
    ['I5 over the maximum', 'count=1000', 1, 6],
    ['I6 the default', '', 1, 4],
    ['I7 behind the end', 'startIndex=10&count=2', 10, 0],
    ['I7 far behind the end', 'startIndex=9007199254740991', 9007199254740991, 0],
    ['I9 the last page', 'startIndex=9&count=5', 9, 1],
    ['I10 a huge count', 'count=99999999999999999999', 1, 6],
    ['I13 any letter case', 'startindex=2&COUNT=1', 2, 1],
    ['I14 unknown parameters', 'count=1&aadOptscim062020&x=y&x=z', 1, 1],
  ];
  for (const [title, parameters, startIndex, length] of cases) {
    it(`${title}: ${parameters}`, async () => {
      const body = await read(`/Users?${parameters}`);
      assert.deepEqual(body['schemas'], [urns.listResponse]);
      assert.deepEqual([body['totalResults'], body['startIndex'], body['itemsPerPage']], [9, startIndex, length]);
      assert.equal(list(body['Resources']).length, length);
    });
  }

  for (const parameters of ['count=abc', 'count=1.5', 'count=1e2', 'count=', 'startIndex=one']) {
    it(`I10 ${parameters} -> 400 invalidValue`, async () => {
      assertError(await scim('GET', `/Users?${parameters}`), 400, 'invalidValue');
    });
  }

  for (const more of ['', '&sortBy=title', '&filter=title%20eq%20%22low%22', '&sortBy=userName&sortOrder=descending']) {
    it(`I11 I12 every resource once${more}`, async () => {
      const seen: string[] = [];
      for (let startIndex = 1; startIndex <= 9; startIndex += 2) {
        seen.push(...(await gateway.names(`/Users?startIndex=${startIndex}&count=2${more}`)));
      }
      assert.equal(seen.length, more.includes('filter') ? 5 : 9);
      assert.equal(new Set(seen).size, seen.length);
    });
  }

  it('I12 J8 pages of .search', async () => {
    const search = (more: JsonObject) => scim('POST', '/Users/.search', { schemas: [urns.searchRequest], ...more });
    const { body } = await search({ startIndex: 8, count: 5, sortBy: 'userName' });
    assert.deepEqual([body['totalResults'], body['startIndex'], body['itemsPerPage']], [9, 8, 2]);
    assert.deepEqual(
      list(body['Resources']).map(({ userName }) => userName),
      ['p7', 'p8'],
    );
    for (const count of [0, -1]) assert.equal((await search({ count })).body['itemsPerPage'], 0);
    assertError(await search({ count: '2' }), 400, 'invalidValue');
  });
});

describe('J query endpoints', () => {
  const gateway = useGateway();
  const { scim, read } = gateway;
  const search = (body: unknown, path = '/Users/.search') => scim('POST', path, body);

  it('J1 a list of each type', async () => {
    await gateway.user('j1');
    await gateway.group('j1');
    for (const path of ['/Users', '/Groups']) {
      const body = await read(path);
      assert.deepEqual([body['schemas'], body['totalResults']], [[urns.listResponse], 1]);
    }
  });

  it('J3 J5 J7 J9 .search is 200, the same as GET, and creates nothing', async () => {
    const body = { schemas: [urns.searchRequest], filter: 'userName eq "j1"' };
    const expected = await read(`/Users?${query({ filter: 'userName eq "j1"', attributes: 'userName,meta' })}`);
    for (const attributes of [['userName', 'meta'], 'userName, meta']) {
      const answer = await search({ ...body, attributes });
      assert.deepEqual([answer.status, answer.body], [200, expected]);
    }
    assert.equal((await read('/Users?count=0'))['totalResults'], 1);
  });

  for (const [title, body] of [
    ['no schemas', { filter: 'userName pr' }],
    ['another message', { schemas: [urns.patchOp] }],
    ['no object', []],
  ] as const) {
    it(`J4 ${title} -> 400 invalidSyntax`, async () => {
      assertError(await search(body), 400, 'invalidSyntax');
    });
  }

  it('J6 GET on .search is 405', async () => {
    for (const path of ['/Users/.search', '/Groups/.search']) assertError(await scim('GET', path), 405);
  });

  it('J10 a filter that is a secret goes in a body, and stays out of the log', async () => {
    const secret = 'confidential@example.test';
    const body = { schemas: [urns.searchRequest], filter: `emails.value eq "${secret}"` };
    assert.equal((await search(body)).status, 200);
    await read(`/Users?${query({ filter: body.filter })}`);
    assert.ok(!JSON.stringify(gateway.served().observations).includes(secret));
  });
});

describe('K attributes', () => {
  const gateway = useGateway();
  const { scim, read } = gateway;
  let user: Identified;
  before(async () => {
    user = await gateway.user('k1', {
      title: 'T',
      name: { familyName: 'F', givenName: 'G' },
      emails: [{ value: 'k@example.test', type: 'home' }],
      [enterprise]: { department: 'D', costCenter: '1' },
    });
  });
  const minimum = (): JsonObject => ({ id: user.id, schemas: user['schemas'] ?? [] });

  const named: readonly (readonly [string, string, JsonObject])[] = [
    ['K3 K9 one', 'title', { title: 'T' }],
    ['K5 never', 'password', {}],
    ['K7 a part', 'name.givenName', { name: { givenName: 'G' } }],
    ['K7 the whole', 'emails', { emails: [{ value: 'k@example.test', type: 'home' }] }],
    ['K7 a part of each', 'emails.value', { emails: [{ value: 'k@example.test' }] }],
    [
      'K8 any letter case, spaces, unknown names',
      'TITLE, name.GIVENNAME ,shoeSize',
      { title: 'T', name: { givenName: 'G' } },
    ],
    ['K8 URNs', `${urns.user}:title,${enterprise}:department`, { title: 'T', [enterprise]: { department: 'D' } }],
    ['K8 a whole extension', enterprise, { [enterprise]: { department: 'D', costCenter: '1' } }],
    ['K10 a part of meta', 'meta.resourceType', { meta: { resourceType: 'User' } }],
  ];
  for (const [title, attributes, expected] of named) {
    it(`${title}: attributes=${attributes}`, async () => {
      const path = `/Users/${user.id}?${query({ attributes })}`;
      const { schemas, ...shown } = await read(path);
      const { schemas: _all, ...rest } = { ...minimum(), ...expected };
      assert.deepEqual(shown, rest);
      assert.ok((schemas as unknown as string[]).includes(urns.user));
      const listed = list((await read(`/Users?${query({ attributes })}`))['Resources'])[0];
      assert.deepEqual(listed, { schemas, ...shown });
    });
  }

  it('K6 K7 K10 excludedAttributes', async () => {
    const excludedAttributes = 'id,schemas,emails.type,name,meta,TITLE';
    const shown = await read(`/Users/${user.id}?${query({ excludedAttributes })}`);
    assert.deepEqual([shown['id'], shown['schemas']], [user.id, user['schemas']]);
    assert.deepEqual([shown['name'], shown['meta'], shown['title']], [undefined, undefined, undefined]);
    assert.deepEqual(shown['emails'], [{ value: 'k@example.test' }]);
  });

  it('K1 on every operation that returns resources', async () => {
    const parameters = query({ attributes: 'title' });
    const body = { schemas: [urns.user], userName: 'k1', title: 'T' };
    const put = await scim('PUT', `/Users/${user.id}?${parameters}`, { ...user, ...body });
    const operation = { op: 'replace', path: 'nickName', value: 'N' };
    const patched = await gateway.patch(`/Users/${user.id}?${parameters}`, operation);
    const posted = await scim('POST', `/Users?${parameters}`, { ...body, userName: 'k1-2' });
    const searched = await scim('POST', '/Users/.search', { schemas: [urns.searchRequest], attributes: ['title'] });
    for (const each of [put.body, patched.body, posted.body, ...list(searched.body['Resources'])]) {
      assert.deepEqual(Object.keys(each).toSorted(), ['id', 'schemas', 'title']);
    }
    await scim('DELETE', `/Users/${String(posted.body['id'])}`);
  });

  it('K2 both are 400 invalidValue', async () => {
    const parameters = query({ attributes: 'title', excludedAttributes: 'name' });
    for (const path of ['/Users', `/Users/${user.id}`]) {
      assertError(await scim('GET', `${path}?${parameters}`), 400, 'invalidValue');
    }
  });

  it('K12 the version does not depend on what is shown', async () => {
    const tags = await Promise.all(
      ['', '?attributes=title', '?excludedAttributes=meta,groups'].map(async (parameters) => {
        return (await scim('GET', `/Users/${user.id}${parameters}`)).headers.get('etag');
      }),
    );
    assert.ok(tags[0]);
    assert.equal(new Set(tags).size, 1);
    const { meta } = await read(`/Users/${user.id}`);
    assert.equal(tags[0], object(meta)['version']);
  });

  it('K13 a filter by what is not shown', async () => {
    const parameters = query({ filter: 'name.familyName eq "f"', attributes: 'userName' });
    assert.deepEqual(await gateway.names(`/Users?${parameters}`), ['k1']);
  });

  it('K14 an empty list is none', async () => {
    assert.deepEqual(await read(`/Users/${user.id}?attributes=`), await read(`/Users/${user.id}`));
  });
});
