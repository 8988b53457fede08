import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { ScimError } from '../../src/scim/error.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Served, serve, token } from './serve.ts';

const user = { schemas: [urns.user], userName: 'bjensen' };
const bulk = { schemas: [urns.bulkRequest], Operations: [{ method: 'DELETE', path: '/Users/1' }] };
const json = { 'Content-Type': 'application/scim+json' };

interface ErrorBody {
  readonly schemas: readonly string[];
  readonly status: string;
  readonly scimType?: string;
  readonly detail: string;
}

async function assertError(response: Response, status: number, scimType?: string): Promise<ErrorBody> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.equal(response.headers.get('content-type'), 'application/scim+json');
  const body = JSON.parse(text) as ErrorBody;
  assert.deepEqual(body.schemas, [urns.error]);
  assert.equal(body.status, String(status));
  assert.equal(body.scimType, scimType);
  assert.equal(typeof body.detail, 'string');
  return body;
}

describe('http', () => {
  let served: Served;

  before(async () => {
    served = await serve();
  });

  after(async () => {
    await served.listener.stop(1);
  });

  describe('method x path', () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
    const read = 'GET, HEAD, OPTIONS';
    for (const [path, statuses, allow] of [
      ['/Users', [200, 201, 405, 405, 405], 'GET, POST, HEAD, OPTIONS'],
      ['/Users/', [200, 201, 405, 405, 405], 'GET, POST, HEAD, OPTIONS'],
      ['/Users/1', [200, 405, 200, 200, 204], 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS'],
      ['/Users/1/', [200, 405, 200, 200, 204], 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS'],
      ['/Users/.search', [405, 200, 405, 405, 405], 'POST, OPTIONS'],
      ['/Groups/1', [200, 405, 200, 200, 204], 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS'],
      ['/ServiceProviderConfig', [200, 405, 405, 405, 405], read],
      ['/ResourceTypes', [200, 405, 405, 405, 405], read],
      ['/ResourceTypes/User', [200, 405, 405, 405, 405], read],
      ['/Schemas', [200, 405, 405, 405, 405], read],
      [`/Schemas/${urns.user}`, [200, 405, 405, 405, 405], read],
      [`/Schemas/${encodeURIComponent(urns.user)}`, [200, 405, 405, 405, 405], read],
      ['/ResourceTypes/Robot', [404, 405, 405, 405, 405], read],
      ['/Schemas/urn:none', [404, 405, 405, 405, 405], read],
      ['/Bulk', [405, 200, 405, 405, 405], 'POST, OPTIONS'],
      ['/Me', [501, 501, 501, 501, 501], ''],
      ['', [200, 405, 405, 405, 405], read],
      ['/', [200, 405, 405, 405, 405], read],
      ['/.search', [405, 200, 405, 405, 405], 'POST, OPTIONS'],
      ['/users', [404, 404, 404, 404, 404], ''],
      ['/Robots', [404, 404, 404, 404, 404], ''],
      ['//Users', [404, 404, 404, 404, 404], ''],
      ['/Users/1/emails', [404, 404, 404, 404, 404], ''],
      ['/Users/%E0%A4%A', [404, 405, 404, 404, 404], 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS'],
    ] as const) {
      for (const [index, method] of methods.entries()) {
        it(`A16 ${method} ${path} -> ${statuses[index]}`, async () => {
          const group = path.startsWith('/Groups');
          const bodies = {
            POST: path.includes('.search') ? { schemas: [urns.searchRequest] } : path === '/Bulk' ? bulk : user,
            PUT: group ? { schemas: [urns.group], displayName: 'x' } : user,
            PATCH: {
              schemas: [urns.patchOp],
              Operations: [{ op: 'replace', path: 'displayName', value: 'x' }],
            },
          };
          const body = method in bodies ? JSON.stringify(bodies[method as keyof typeof bodies]) : null;
          const response = await served.fetch(`/scim/v2${path}`, { method, body, headers: json });
          const status = statuses[index];
          if ((status ?? 500) >= 400) await assertError(response, status ?? 500);
          else assert.equal(response.status, status, await response.text());
          assert.equal(response.headers.get('allow'), status === 405 ? allow : null);
        });
      }
    }

    it('A17 P14 HEAD is GET without the body', async () => {
      for (const path of ['/Users/1', '/Users', '/Schemas', '/ServiceProviderConfig']) {
        const get = await served.fetch(`/scim/v2${path}`);
        const head = await served.fetch(`/scim/v2${path}`, { method: 'HEAD' });
        assert.equal(head.status, 200);
        assert.equal(head.headers.get('content-length'), String((await get.arrayBuffer()).byteLength));
        assert.equal(head.headers.get('etag'), get.headers.get('etag'));
      }
    });

    it('OPTIONS tells the methods', async () => {
      const response = await served.fetch('/scim/v2/Users', { method: 'OPTIONS' });
      assert.equal(response.status, 204);
      assert.equal(response.headers.get('allow'), 'GET, POST, HEAD, OPTIONS');
    });

    it('answers methods of other protocols with 501', async () => {
      await assertError(await served.fetch('/scim/v2/Users', { method: 'PROPFIND' }), 501);
    });
  });

  describe('paths', () => {
    for (const [sent, id] of [
      ['a%2Fb', 'a/b'],
      ['a%252Fb', 'a%2Fb'],
      ['a+b', 'a+b'],
      ['%00', '\0'],
      ['*)(uid=*', '*)(uid=*'],
      ['%2e%2e', '..'],
      ['__proto__', '__proto__'],
      ['x'.repeat(300), 'x'.repeat(300)],
      ['M%C3%BCller', 'Müller'],
    ] as const) {
      it(`C2 id ${sent.slice(0, 20)} is decoded once`, async () => {
        served.gateway.calls.length = 0;
        // Not by fetch, which would resolve dot segments.
        const text = await served.raw(
          `GET /scim/v2/Users/${sent} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
        );
        assert.match(text, /^HTTP\/1\.1 200 /);
        const request = served.gateway.calls[0]?.request;
        assert.equal(request?.operation === 'read' ? request.id : undefined, id);
      });
    }

    for (const [target, status] of [
      ['http://other.example/scim/v2/Users?count=1', 200],
      ['http://other.example', 404],
      ['http://[::1/scim/v2/Users', 400],
      ['http://x:99999/scim/v2/Users', 400],
      ['/scim/v2/Users?%', 200],
      ['/scim/v2/Users#fragment', 200],
      ['/scim/v2/%55sers', 404],
      ['/scim/v2/Users;a=b', 404],
      ['/scim/v2/constructor', 404],
      ['///scim/v2/Users', 404],
    ] as const) {
      it(`a request for ${target} is ${status}`, async () => {
        const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`;
        const text = await served.raw(head);
        assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
        assert.match(text, /content-type: application\/scim\+json\r\n/i);
      });
    }

    it('only what failed is told as a failure', async () => {
      served.observations.length = 0;
      await served.fetch('/scim/v2/Me');
      await served.fetch('/scim/v2/Users?filter=x');
      await served.raw('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      assert.deepEqual(
        served.observations.filter(({ kind }) => kind === 'requestFailed'),
        [],
      );
    });

    it('P5 without a version the latest one answers', async () => {
      assert.equal((await served.fetch('/scim/Users')).status, 200);
    });

    it('P5 other versions are invalidVers', async () => {
      for (const path of ['/scim/v1/Users', '/scim/v3/Users', '/scim/v1']) {
        await assertError(await served.fetch(path), 400, 'invalidVers');
      }
    });

    it('O1 paths outside the base path are 404', async () => {
      for (const path of ['/', '/Users', '/scimv2/Users', '/scim/v2Users', '/scim/v2/v2/Users', '/scim/v2/v3/Users']) {
        await assertError(await served.fetch(path), 404);
      }
    });
  });

  describe('bodies', () => {
    const post = (body: string | Uint8Array<ArrayBuffer> | null, headers: Readonly<Record<string, string>> = json) =>
      served.fetch('/scim/v2/Users', { method: 'POST', body, headers });
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));

    for (const type of [
      'application/scim+json',
      'application/json',
      'application/scim+json; charset=utf-8',
      'APPLICATION/JSON;charset="UTF-8"',
    ]) {
      it(`P1 accepts ${type}`, async () => {
        assert.equal((await post(JSON.stringify(user), { 'Content-Type': type })).status, 201);
      });
    }

    for (const type of [
      'text/plain',
      'application/xml',
      'application/scim+json; charset=latin1',
      'application/jsonp',
    ]) {
      it(`P1 refuses ${type} with 415`, async () => {
        await assertError(await post(JSON.stringify(user), { 'Content-Type': type }), 415);
      });
    }

    it('P1 refuses a body without a type with 415', async () => {
      await assertError(await post(bytes(JSON.stringify(user)), {}), 415);
    });

    it('P3 tolerates a byte order mark', async () => {
      assert.equal((await post(`\uFEFF${JSON.stringify(user)}`)).status, 201);
    });

    it('P3 keeps every character', async () => {
      served.gateway.calls.length = 0;
      await post(JSON.stringify({ ...user, displayName: 'Jörg 𝒳 李' }));
      const request = served.gateway.calls[0]?.request;
      assert.equal(request?.operation === 'create' && request.resource['displayName'], 'Jörg 𝒳 李');
    });

    it('P3 refuses what is not UTF-8', async () => {
      await assertError(await post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'invalidSyntax');
    });

    for (const [title, body] of [
      ['nothing', null],
      ['white space', ' '],
      ['broken JSON', '{"schemas":'],
      ['an array', '[]'],
      ['text', '"x"'],
      ['null', 'null'],
      ['too much depth', '['.repeat(5000)],
    ] as const) {
      it(`O2 ${title} is invalidSyntax`, async () => {
        await assertError(await post(body), 400, 'invalidSyntax');
      });
    }

    it('takes gzip', async () => {
      const response = await post(gzipSync(JSON.stringify(user)), { ...json, 'Content-Encoding': 'gzip' });
      assert.equal(response.status, 201);
    });

    it('refuses gzip that is none', async () => {
      await assertError(await post('{}', { ...json, 'Content-Encoding': 'gzip' }), 400, 'invalidSyntax');
    });

    it('refuses other encodings and names the ones it takes', async () => {
      const response = await post('{}', { ...json, 'Content-Encoding': 'br' });
      assert.equal(response.headers.get('accept-encoding'), 'gzip, identity');
      await assertError(response, 415);
    });

    for (const [title, body, headers] of [
      ['a large body', JSON.stringify({ ...user, displayName: 'x'.repeat(200_000) }), {}],
      [
        'a bomb',
        gzipSync(JSON.stringify({ ...user, displayName: 'x'.repeat(20_000_000) })),
        { 'Content-Encoding': 'gzip' },
      ],
    ] as const) {
      it(`M15 refuses ${title} with 413 and names the limit`, async () => {
        const error = await assertError(await post(body, { ...json, ...headers }), 413);
        assert.match(error.detail, /100000/);
        assert.equal((await served.fetch('/scim/v2/Users')).status, 200);
      });
    }

    it('refuses a large body of unknown length', async () => {
      const chunk = new Uint8Array(50_000).fill(0x20);
      const body = new ReadableStream({
        start(controller) {
          for (let count = 0; count < 5; count += 1) controller.enqueue(chunk);
          controller.close();
        },
      });
      const init = { method: 'POST', body, headers: json, duplex: 'half' } as const;
      await assertError(await served.fetch('/scim/v2/Users', init), 413);
    });
  });

  describe('credentials', () => {
    for (const path of ['/Users', '/Schemas', '/ResourceTypes', '/Robots', '/Me']) {
      it(`A4 ${path} needs them`, async () => {
        const response = await served.fetch(`/scim/v2${path}`, { headers: { Authorization: '' } });
        assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="scim"');
        await assertError(response, 401);
      });
    }

    it('A4 ServiceProviderConfig is public for reading only', async () => {
      const headers = { Authorization: '' };
      assert.equal((await served.fetch('/scim/v2/ServiceProviderConfig/', { headers })).status, 200);
      await assertError(await served.fetch('/scim/v2/ServiceProviderConfig', { method: 'POST', headers }), 401);
    });

    for (const [title, path, headers] of [
      ['instead of the header', `/scim/v2/Users?access_token=${token}`, { Authorization: '' }],
      ['beside the header', `/scim/v2/Users?count=1&access_token=${token}`, {}],
      ['with an escaped name', `/scim/v2/Users?access%5Ftoken=${token}`, {}],
      ['at a public path', `/scim/v2/ServiceProviderConfig?access_token=${token}`, { Authorization: '' }],
    ] as const) {
      it(`in the query, ${title}, are refused and told to nobody`, async () => {
        const seen = served.observations.length;
        const body = await assertError(await served.fetch(path, { headers }), 400);
        assert.match(JSON.stringify(body), /never be part of a URL/);
        assert.doesNotMatch(JSON.stringify([body, served.observations.slice(seen)]), new RegExp(token));
      });
    }

    it('wrong ones make their address wait', async () => {
      const own = await serve();
      const send = (authorization: string) =>
        own.fetch('/scim/v2/Users', { headers: { Authorization: authorization } });
      await send(`Bearer ${token}`);
      for (let tries = 0; tries < 10; tries += 1) assert.equal((await send(`Bearer wrong${tries}`)).status, 401);
      const refused = await send('Bearer wrong');
      await assertError(refused, 429);
      assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
      assert.equal((await send(`Bearer ${token}`)).status, 200, 'who has been here before is not kept out');
      await own.listener.stop(1);
    });

    it('no body is read before they are checked', async () => {
      const headers = { ...json, Authorization: 'Bearer wrong' };
      const body = '{'.repeat(500_000);
      await assertError(await served.fetch('/scim/v2/Users', { method: 'POST', headers, body }), 401);
    });
  });

  describe('headers', () => {
    it('C1 L1 a resource has Location, ETag, and is not to be stored', async () => {
      const { headers } = await served.fetch('/scim/v2/Users/a%20b');
      assert.equal(headers.get('location'), `${served.url}/scim/v2/Users/a%20b`);
      assert.equal(headers.get('etag'), 'W/"7"');
      assert.equal(headers.get('content-type'), 'application/scim+json');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(
        headers.get('server-timing') ?? '',
        /^auth;dur=[\d.]+, parse;dur=[\d.]+, gateway;dur=[\d.]+, total;dur=/,
      );
    });

    it('P4 204 has neither body nor type', async () => {
      const response = await served.fetch('/scim/v2/Users/1', { method: 'DELETE' });
      assert.equal(response.status, 204);
      assert.equal(response.headers.get('content-type'), null);
      assert.equal(await response.text(), '');
    });

    for (const [accept, status, type] of [
      ['application/scim+json', 200, 'application/scim+json'],
      ['application/json', 200, 'application/json'],
      ['application/json, application/scim+json', 200, 'application/scim+json'],
      ['*/*', 200, 'application/scim+json'],
      ['text/html, */*;q=0.1', 200, 'application/scim+json'],
      ['application/*', 200, 'application/scim+json'],
      ['text/html', 406, 'application/scim+json'],
      ['application/scim+json;q=0, application/json;q=0', 406, 'application/scim+json'],
    ] as const) {
      it(`P2 Accept: ${accept} -> ${status} ${type}`, async () => {
        const response = await served.fetch('/scim/v2/Users/1', { headers: { Accept: accept } });
        assert.equal(response.status, status);
        assert.equal(response.headers.get('content-type'), type);
      });
    }

    it('a sane request id of the client is taken over, another is not', async () => {
      const id = async (sent: string) =>
        (await served.fetch('/scim/v2/Users', { headers: { 'X-Request-Id': sent } })).headers.get('x-request-id');
      assert.equal(await id('abc-1.2:3'), 'abc-1.2:3');
      for (const sent of ['a b', 'x'.repeat(129), '{"a":1}', ''])
        assert.match((await id(sent)) ?? '', /^[0-9a-f-]{36}$/);
    });

    it('conditional headers and Prefer reach the gateway', async () => {
      served.gateway.calls.length = 0;
      await served.fetch('/scim/v2/Users/1', { headers: { 'If-None-Match': 'W/"a", "b"' } });
      const body = JSON.stringify({ schemas: [urns.patchOp], Operations: [{ op: 'remove', path: 'title' }] });
      const headers = { ...json, 'If-Match': '*', Prefer: 'return=minimal' };
      await served.fetch('/scim/v2/Users/1', { method: 'PATCH', headers, body });
      const [read, patch] = served.gateway.calls.flatMap(({ request }) =>
        request.operation === 'searchAll' ? [] : [request],
      );
      assert.deepEqual(read?.preconditions, { ifNoneMatch: ['a', 'b'] });
      assert.deepEqual(patch?.preconditions, { ifMatch: ['*'] });
      assert.equal(patch?.operation === 'patch' && patch.prefer, 'minimal');
    });
  });

  describe('queries', () => {
    it('+ is a space, %2B a plus, unknown parameters are ignored', async () => {
      served.gateway.calls.length = 0;
      const query = 'filter=userName+eq+%22a%2Bb@x.example%22&aadOptscim062020&startIndex=3&count=4';
      assert.equal((await served.fetch(`/scim/v2/Users?${query}`)).status, 200);
      const request = served.gateway.calls[0]?.request;
      assert.ok(request?.operation === 'search');
      assert.equal(request.query.startIndex, 3);
      assert.equal(request.query.count, 4);
      assert.match(JSON.stringify(request.query.filter), /a\+b@x\.example/);
    });

    it('a long filter fits', async () => {
      const filter = encodeURIComponent(`userName eq "${'ü'.repeat(7000)}"`);
      assert.equal((await served.fetch(`/scim/v2/Users?filter=${filter}`)).status, 200);
    });

    for (const [query, scimType] of [
      ['filter=', 'invalidFilter'],
      ['filter=nonsense', 'invalidFilter'],
      ['count=ten', 'invalidValue'],
      ['attributes=userName&excludedAttributes=name', 'invalidValue'],
    ] as const) {
      it(`?${query} is ${scimType}`, async () => {
        await assertError(await served.fetch(`/scim/v2/Users?${query}`), 400, scimType);
      });
    }
  });

  describe('discovery', () => {
    const get = async (path: string): Promise<Record<string, unknown>> =>
      (await (await served.fetch(`/scim/v2${path}`)).json()) as Record<string, unknown>;

    it('A2 ServiceProviderConfig shows the limits in force', async () => {
      const config = await get('/ServiceProviderConfig');
      assert.deepEqual(config['filter'], { supported: true, maxResults: 50 });
      assert.deepEqual(config['bulk'], { supported: true, maxOperations: 20, maxPayloadSize: 100_000 });
      assert.deepEqual(config['changePassword'], { supported: true });
    });

    it('A6 A9 A18 lists what is there, and every location leads back', async () => {
      for (const [path, count] of [
        ['/ResourceTypes', 2],
        ['/Schemas', 3],
      ] as const) {
        const list = await get(path);
        assert.equal(list['totalResults'], count);
        for (const resource of list['Resources'] as { readonly meta: { readonly location: string } }[]) {
          assert.deepEqual(await get(resource.meta.location.slice(`${served.url}/scim/v2`.length)), resource);
        }
      }
    });

    it('A15 a filter is 403, other parameters are ignored', async () => {
      for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig', '/ResourceTypes/User']) {
        await assertError(await served.fetch(`/scim/v2${path}?filter=id%20eq%20%22x%22`), 403);
        assert.equal((await served.fetch(`/scim/v2${path}?count=0&startIndex=9&sortBy=x`)).status, 200);
      }
    });
  });

  describe('what Node refuses before any request exists', () => {
    const body = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as ErrorBody;

    for (const [title, request, status] of [
      ['garbage', 'nonsense\r\n\r\n', 400],
      ['an unknown method', 'FROB /scim/v2/Users HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['headers over 64 KB', `GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
      ['an URL over 64 KB', `GET /scim/v2/Users?filter=${'x'.repeat(70_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
      ['a missing Host', 'GET /scim/v2/Users HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
      ['an expectation', 'GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n', 417],
    ] as const) {
      it(`O1 ${title} is ${status} with a SCIM body`, async () => {
        const text = await served.raw(request);
        assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
        assert.match(text, /content-type: application\/scim\+json\r\n/i);
        assert.equal(body(text).status, String(status));
      });
    }
  });
});

describe('http, when things go wrong', () => {
  let served: Served;

  afterEach(async () => {
    await served.listener.stop(1);
  });

  for (const [title, thrown, status, scimType] of [
    ['a ScimError', new ScimError(409, 'uniqueness', 'Taken.'), 409, 'uniqueness'],
    ['an unknown error', new TypeError('secret: cn=admin,dc=example,dc=com'), 500, undefined],
    ['text', 'secret', 500, undefined],
    ['nothing', undefined, 500, undefined],
    ['null', null, 500, undefined],
    ['an object that lies about its status', { status: 200, message: 'secret' }, 500, undefined],
    ['an error with a status that is not ours', Object.assign(new Error('secret'), { status: 502 }), 500, undefined],
    ['an HTTP error of a library', Object.assign(new Error('secret'), { status: 404, expose: true }), 404, undefined],
  ] as const) {
    it(`O1 O3 ${title} becomes ${status} and tells nothing it should not`, async () => {
      served = await serve(() => {
        // oxlint-disable-next-line typescript/only-throw-error -- a library may throw anything
        throw thrown;
      });
      const response = await served.fetch('/scim/v2/Users/1');
      const error = await assertError(response, status, scimType);
      assert.doesNotMatch(error.detail, /secret|dc=/);
      if (status < 500) return;
      assert.ok(error.detail.includes(response.headers.get('x-request-id') ?? '?'));
      const told = served.observations.find(({ kind }) => kind === 'requestFailed');
      assert.equal(told?.kind === 'requestFailed' && told.error, thrown);
    });
  }

  it('O1 a body that cannot be printed is 500', async () => {
    served = await serve(() => {
      const body: Record<string, unknown> = {};
      body['self'] = body;
      return { status: 200, body: body as never };
    });
    await assertError(await served.fetch('/scim/v2/Users/1'), 500);
  });

  it('headers of an error reach the client', async () => {
    served = await serve(() => {
      throw new ScimError(503, undefined, 'Later.', { headers: { 'Retry-After': '7' } });
    });
    const response = await served.fetch('/scim/v2/Users/1');
    assert.equal(response.headers.get('retry-after'), '7');
    await assertError(response, 503);
  });

  it('L3 304 keeps its ETag and has no body', async () => {
    served = await serve(() => ({ status: 304, version: '7' }));
    const response = await served.fetch('/scim/v2/Users/1', { headers: { 'If-None-Match': 'W/"7"' } });
    assert.equal(response.status, 304);
    assert.equal(response.headers.get('etag'), 'W/"7"');
    assert.equal(response.headers.get('content-type'), null);
  });

  it('the deadline ends a request whose gateway never answers, and aborts its signal', async () => {
    let reason: unknown;
    served = await serve(
      (_request, { signal }) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
        return new Promise(() => undefined);
      },
      { requestSeconds: 0.05 },
    );
    const response = await served.fetch('/scim/v2/Users/1');
    assert.ok(response.headers.get('retry-after'));
    await assertError(response, 503);
    assert.ok(reason instanceof ScimError);
  });

  it('nothing is done for a body that comes after the deadline', async () => {
    served = await serve(undefined, { requestSeconds: 0.05 });
    const body = JSON.stringify(user);
    const answered = Promise.withResolvers<undefined>();
    const socket = net.connect(served.listener.port, '127.0.0.1');
    let text = '';
    // The rest of the body may meet a connection that is closed already.
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      answered.resolve(undefined);
    });
    const head = `Host: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    socket.write(`POST /scim/v2/Users HTTP/1.1\r\n${head}\r\n\r\n${body.slice(0, 5)}`);
    await answered.promise;
    socket.end(body.slice(5));
    await once(socket, 'close');
    assert.match(text, /^HTTP\/1\.1 408 /);
    assert.match(text, /^connection: close\r$/im);
    assert.deepEqual(served.gateway.calls, []);
  });

  it('a client that goes away aborts the signal', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const started = Promise.withResolvers<undefined>();
    served = await serve((_request, { signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      started.resolve(undefined);
      return new Promise(() => undefined);
    });
    const client = new AbortController();
    const response = served.fetch('/scim/v2/Users/1', { signal: client.signal });
    await started.promise;
    client.abort();
    await assert.rejects(response);
    assert.ok((await aborted.promise) instanceof ScimError);
    await served.listener.stop(1);
    assert.deepEqual(
      served.observations.map((observation) => observation.kind === 'request' && observation.status),
      [499],
    );
  });

  it('A4 discovery can be opened and closed', async () => {
    const anonymous = { headers: { Authorization: '' } };
    for (const [publicDiscovery, expected] of [
      ['all', [200, 200, 200, 200, 404, 401]],
      ['none', [401, 401, 401, 401, 401, 401]],
    ] as const) {
      served = await serve(undefined, { publicDiscovery });
      const paths = [
        '/ServiceProviderConfig',
        '/Schemas',
        '/ResourceTypes',
        `/Schemas/${urns.user}`,
        '/ResourceTypes/Robot',
        '/SchemasX',
      ];
      const responses = await Promise.all(paths.map((path) => served.fetch(`/scim/v2${path}`, anonymous)));
      assert.deepEqual(
        responses.map(({ status }) => status),
        expected,
      );
      await served.listener.stop(1);
    }
  });

  it('P6 Q19 links begin with the public URL', async () => {
    served = await serve(undefined, { publicUrl: 'https://scim.example.com/a', basePath: '/a' });
    const response = await served.fetch('/a/Users/1');
    assert.equal(response.headers.get('location'), 'https://scim.example.com/a/Users/1');
  });

  it('a base path may be empty', async () => {
    served = await serve(undefined, { basePath: '' });
    assert.equal((await served.fetch('/Users')).status, 200);
  });

  it('every request is told once, without its query', async () => {
    served = await serve();
    await served.fetch('/scim/v2/Users?filter=userName%20eq%20%22private%22');
    await served.fetch('/elsewhere', { headers: { Authorization: '' } });
    await served.listener.stop(1);
    const told = served.observations.filter((observation) => observation.kind === 'request');
    assert.deepEqual(
      told.map(({ method, path, status, client }) => [method, path, status, client]),
      [
        ['GET', '/scim/v2/Users', 200, 'tester'],
        ['GET', '/elsewhere', 404, ''],
      ],
    );
  });

  it('stopping lets a running request end and takes no other', async () => {
    const started = Promise.withResolvers<undefined>();
    const finish = Promise.withResolvers<undefined>();
    served = await serve(async () => {
      started.resolve(undefined);
      await finish.promise;
      return { status: 204 };
    });
    const running = served.fetch('/scim/v2/Users/1', { method: 'DELETE' });
    await started.promise;
    const stopped = served.listener.stop(10);
    await assert.rejects(served.fetch('/scim/v2/Users/1'));
    finish.resolve(undefined);
    const response = await running;
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('connection'), 'close');
    await stopped;
  });

  it('stopping closes what does not end in time', async () => {
    const started = Promise.withResolvers<undefined>();
    served = await serve(() => {
      started.resolve(undefined);
      return new Promise(() => undefined);
    });
    const running = served.fetch('/scim/v2/Users/1');
    const rejected = assert.rejects(running);
    await started.promise;
    await served.listener.stop(0.05);
    await rejected;
  });
});
