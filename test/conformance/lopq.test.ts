import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { assertError, enterprise, type Identified, list, object, query, useGateway } from './use-gateway.ts';

describe('L versions', () => {
  const gateway = useGateway();
  const { scim } = gateway;
  let user: Identified;
  let tag: string;
  before(async () => {
    user = await gateway.user('l1');
    tag = String(object(user['meta'])['version']);
  });
  const get = (value: string, more = '') =>
    scim('GET', `/Users/${user.id}${more}`, undefined, { 'If-None-Match': value });

  it('L1 the tag is weak, quoted, and the same in header and meta', async () => {
    assert.match(tag, /^W\/"[^"]+"$/);
    assert.equal((await scim('GET', `/Users/${user.id}`)).headers.get('etag'), tag);
  });

  it('L3 L6 L7 P4 If-None-Match that matches is 304 without a body', async () => {
    for (const [value, more] of [
      [tag, ''],
      [tag.slice(2), ''],
      [`"other", ${tag}`, ''],
      ['*', ''],
      [tag, '?attributes=userName'],
    ] as const) {
      const answer = await get(value, more);
      assert.deepEqual([answer.status, answer.body, answer.headers.get('etag')], [304, {}, tag], value);
    }
  });

  it('L4 If-None-Match that does not is 200', async () => {
    for (const value of ['W/"other"', '"a", W/"b"']) assert.equal((await get(value)).status, 200);
  });

  it('L5 L6 L7 If-Match: weak, strong, lists, *', async () => {
    let current = tag;
    const change = async (header: string, title: string): Promise<number> => {
      const operation = { op: 'replace', path: 'title', value: title };
      const body = { schemas: [urns.patchOp], Operations: [operation] };
      const answer = await scim('PATCH', `/Users/${user.id}`, body, { 'If-Match': header });
      if (answer.status === 200) current = answer.headers.get('etag') ?? '';
      else assertError(answer, 412);
      return answer.status;
    };
    assert.equal(await change(tag, '1'), 200);
    assert.equal(await change(tag, '2'), 412);
    assert.equal(await change(current.slice(2), '3'), 200);
    assert.equal(await change(`"x", ${current}`, '4'), 200);
    assert.equal(await change('*', '5'), 200);
    assert.equal(await change('"x", W/"y"', '6'), 412);
    assert.equal((await gateway.read(`/Users/${user.id}`))['title'], '5');
  });

  it('L8 If-Match on nothing is 404', async () => {
    assertError(await scim('DELETE', '/Users/unknown', undefined, { 'If-Match': tag }), 404);
    const body = { schemas: [urns.user], userName: 'l8' };
    assertError(await scim('PUT', '/Users/unknown', body, { 'If-Match': '*' }), 404);
  });

  it('L10 the version of a bulk operation is its If-Match', async () => {
    const path = `/Users/${user.id}`;
    const current = (await scim('GET', path)).headers.get('etag');
    const data = { schemas: [urns.patchOp], Operations: [{ op: 'replace', path: 'title', value: 'bulk' }] };
    const operation = { method: 'PATCH', path, data };
    const Operations = [
      { ...operation, version: current },
      { ...operation, version: current },
    ];
    const { status, body } = await scim('POST', '/Bulk', { schemas: [urns.bulkRequest], Operations });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      list(body['Operations']).map((each) => each['status']),
      ['200', '412'],
    );
  });

  it('L11 a malformed If-Match is 400, and nothing is done', async () => {
    const answer = await scim('DELETE', `/Users/${user.id}`, undefined, { 'If-Match': 'W/"broken' });
    assert.ok(answer.status === 400 || answer.status === 412, String(answer.status));
    assert.equal((await scim('GET', `/Users/${user.id}`)).status, 200);
  });
});

describe('O errors', () => {
  const gateway = useGateway();
  const { scim } = gateway;
  const body = { schemas: [urns.user], userName: 'o1' };
  const cases: readonly (readonly [number, string | undefined, string, string, unknown, Record<string, string>?])[] = [
    [400, 'invalidSyntax', 'POST', '/Users', '{'],
    [400, 'invalidValue', 'POST', '/Users', { schemas: [urns.user] }],
    [400, 'invalidFilter', 'GET', '/Users?filter=x', undefined],
    [401, undefined, 'GET', '/Users', undefined, { Authorization: 'Bearer wrong' }],
    [401, undefined, 'GET', '/Robots', undefined, { Authorization: 'Basic eDp5' }],
    [403, undefined, 'GET', '/Schemas?filter=id%20pr', undefined],
    [404, undefined, 'GET', '/Robots', undefined],
    [404, undefined, 'GET', '/Users/1/emails', undefined],
    [405, undefined, 'POST', '/Schemas', {}],
    [405, undefined, 'PUT', '/Users', {}],
    [406, undefined, 'GET', '/Users', undefined, { Accept: 'text/html' }],
    [415, undefined, 'POST', '/Users', body, { 'Content-Type': 'text/plain' }],
    [415, undefined, 'POST', '/Users', body, { 'Content-Encoding': 'br' }],
  ];
  for (const [status, scimType, method, path, sent, headers] of cases) {
    it(`O1 O2 O3 ${method} ${path} ${JSON.stringify(headers ?? {})} -> ${status} ${scimType ?? ''}`, async () => {
      const answer = await scim(method, path, sent, headers);
      assertError(answer, status, scimType);
      assert.doesNotMatch(JSON.stringify(answer.body), /dc=|uid=|node_modules|127\.0\.0\.1|\.ts\b/);
      if (status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
      if (status === 405) assert.ok(answer.headers.has('allow'));
    });
  }
});

describe('P HTTP', () => {
  const gateway = useGateway();
  const { scim, read } = gateway;

  it('P1 P2 P3 types of bodies and answers', async () => {
    const body = JSON.stringify({ schemas: [urns.user], userName: 'p1-ß\u{1F600}', title: '\u0001\u2028' });
    for (const type of ['application/json', 'application/scim+json; charset=utf-8']) {
      const { status, body: shown } = await scim('POST', '/Users', body, { 'Content-Type': type });
      assert.deepEqual([status, shown['userName'], shown['title']], [201, 'p1-ß\u{1F600}', '\u0001\u2028']);
      await scim('DELETE', `/Users/${String(shown['id'])}`);
    }
    const plain = await scim('GET', '/Users', undefined, { Accept: 'application/json' });
    assert.match(plain.headers.get('content-type') ?? '', /^application\/json/);
  });

  it('P7 a trailing slash is the same', async () => {
    const { id } = await gateway.user('p7');
    assert.deepEqual(await read('/Users/'), await read('/Users'));
    assert.deepEqual(await read(`/Users/${id}/`), await read(`/Users/${id}`));
  });

  it('P8 P11 other letter case and the suffix .scim name nothing', async () => {
    for (const path of ['/users', '/USERS', '/Users.scim', '/serviceproviderconfig']) {
      assertError(await scim('GET', path), 404);
    }
  });

  it('N1 /Me is 501 where no caller is a user', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      assertError(await scim(method, '/Me', method === 'GET' || method === 'DELETE' ? undefined : {}), 501);
    }
  });

  it('P12 nobody overrides the method', async () => {
    const { id } = await gateway.user('p12');
    const headers = { 'X-HTTP-Method-Override': 'DELETE', 'X-HTTP-Method': 'DELETE' };
    assert.equal((await scim('GET', `/Users/${id}?_method=DELETE`, undefined, headers)).status, 200);
    assert.equal((await scim('GET', `/Users/${id}`)).status, 200);
  });

  it('P14 HEAD is GET without the body', async () => {
    const { id } = await gateway.user('p14');
    const { url, token } = gateway.served();
    const options = { method: 'HEAD', headers: { Authorization: `Bearer ${token}` } };
    const head = await fetch(`${url}/Users/${id}`, options);
    const get = await scim('GET', `/Users/${id}`);
    assert.deepEqual([head.status, await head.text()], [200, '']);
    for (const name of ['etag', 'content-type', 'content-length']) {
      assert.equal(head.headers.get(name), get.headers.get(name), name);
    }
    assert.equal((await fetch(`${url}/Users/unknown`, options)).status, 404);
  });

  it('P15 OPTIONS is answered, and opens nothing to other origins', async () => {
    const answer = await scim('OPTIONS', '/Users', undefined, { Origin: 'https://evil.test' });
    assert.ok([200, 204, 405].includes(answer.status));
    assert.match(answer.headers.get('allow') ?? '', /\bGET\b/);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  });

  it('P16 nothing is redirected', async () => {
    const { url, token } = gateway.served();
    for (const path of ['/Users', '/Users/', '//Users', '/Users/../Users', '/Me']) {
      const headers = { Authorization: `Bearer ${token}` };
      const { status } = await fetch(`${url}${path}`, { headers, redirect: 'manual' });
      assert.ok(status < 300 || status >= 400, `${path} ${status}`);
    }
  });
});

describe('Q data', () => {
  const gateway = useGateway();
  const { scim, read, patch } = gateway;

  it('Q5 Q18 times in UTC; lastModified goes forward alone', async () => {
    const { id, meta } = await gateway.user('q5');
    let last = String(object(meta)['lastModified']);
    assert.match(last, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
    for (let n = 0; n < 3; n += 1) {
      const { body } = await patch(`/Users/${id}`, { op: 'replace', path: 'title', value: `t${n}` });
      const now = String(object(body['meta'])['lastModified']);
      assert.ok(now >= last);
      assert.equal(object(body['meta'])['created'], object(meta)['created']);
      last = now;
    }
  });

  it('Q7 base64 with or without padding comes back with it', async () => {
    const { x509Certificates } = await gateway.user('q7', { x509Certificates: [{ value: 'AQIDBA' }] });
    assert.deepEqual(list(x509Certificates)[0]?.['value'], 'AQIDBA==');
  });

  it('Q8 references with and without version, absolute and relative, lead to the same', async () => {
    const boss = await gateway.user('q8-boss');
    const { url } = gateway.served();
    const forms = [`${url}/Users/${boss.id}`, `${url.replace('/v2', '')}/Users/${boss.id}`, `../Users/${boss.id}`];
    for (const [index, $ref] of forms.entries()) {
      const { [enterprise]: extension } = await gateway.user(`q8-${index}`, { [enterprise]: { manager: { $ref } } });
      const manager = object(object(extension)['manager']);
      assert.deepEqual([manager['value'], manager['$ref']], [boss.id, `${url}/Users/${boss.id}`]);
    }
    assert.equal(
      (await fetch(forms[1] ?? '', { headers: { Authorization: `Bearer ${gateway.served().token}` } })).status,
      200,
    );
  });

  it('Q9 Q17 values keep their letter case', async () => {
    const emails = [{ value: 'Q.Nine+Tag@Example.TEST', type: 'home' }];
    const shown = await gateway.user('Q9-MiXed', { emails, displayName: 'MiXed  Spaces ' });
    assert.deepEqual(
      [shown['userName'], shown['emails'], shown['displayName']],
      ['Q9-MiXed', emails, 'MiXed  Spaces '],
    );
    const { body } = await patch(`/Users/${shown.id}`, { op: 'replace', path: 'userName', value: 'q9-mixed' });
    assert.equal(body['userName'], 'q9-mixed');
  });

  it('Q15 Q16 countries, locales and time zones are taken as they are', async () => {
    const sent: JsonObject = {
      addresses: [{ type: 'work', country: 'Belize' }],
      locale: 'not-a-locale',
      timezone: 'Nowhere/Land',
      preferredLanguage: 'en-US',
    };
    const shown = await gateway.user('q15', sent);
    for (const name of Object.keys(sent)) assert.deepEqual(shown[name], sent[name], name);
  });

  it('Q22 externalId may repeat', async () => {
    await gateway.user('q22-1', { externalId: 'same' });
    await gateway.user('q22-2', { externalId: 'same' });
    assert.equal((await gateway.names(`/Users?${query({ filter: 'externalId eq "same"' })}`)).length, 2);
  });

  it('Q12 a group without members has none, whatever the directory wants', async () => {
    const { id } = await gateway.group('q12');
    const user = await gateway.user('q12');
    assert.equal((await read(`/Groups/${id}`))['members'], undefined);
    assert.deepEqual(await gateway.names(`/Groups?${query({ filter: 'not (members pr)' })}`), ['q12']);
    await patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: user.id }] });
    assert.deepEqual(await gateway.names(`/Groups?${query({ filter: 'members pr' })}`), ['q12']);
    await scim('DELETE', `/Users/${user.id}`);
    assert.equal((await read(`/Groups/${id}`))['members'], undefined);
  });
});
