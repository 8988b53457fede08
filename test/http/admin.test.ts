import assert from 'node:assert/strict';
import { type AdminSource, createAdmin } from '../../src/http/admin.ts';
import { type Listener, listen } from '../../src/http/listen.ts';

describe('admin port', () => {
  let listener: Listener | undefined;

  async function ask(source: Partial<AdminSource>, path: string, method = 'GET') {
    const handler = createAdmin({ readiness: async () => ({ ready: true }), metrics: async () => 'm 1\n', ...source });
    listener = await listen(handler, { host: '127.0.0.1', port: 0 });
    const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, { method });
    return { status: response.status, type: response.headers.get('Content-Type'), text: await response.text() };
  }

  afterEach(() => listener?.stop(0));

  it('is alive whatever the directory does', async () => {
    const readiness = () => Promise.reject(new Error('down'));
    assert.deepEqual(await ask({ readiness }, '/livez?verbose'), {
      status: 200,
      type: 'text/plain; charset=utf-8',
      text: 'alive\n',
    });
  });

  for (const [readiness, status] of [
    [{ ready: true }, 200],
    [{ ready: false }, 503],
    [{ ready: true, tenants: { a: true, b: false } }, 200],
  ] as const) {
    it(`says ${status} for ${JSON.stringify(readiness)}`, async () => {
      const answer = await ask({ readiness: async () => readiness }, '/readyz');
      assert.deepEqual([answer.status, JSON.parse(answer.text)], [status, readiness]);
    });
  }

  it('shows metrics in the form of Prometheus', async () => {
    assert.deepEqual(await ask({}, '/metrics'), {
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: 'm 1\n',
    });
    assert.equal((await ask({}, '/metrics', 'HEAD')).text, '');
  });

  it('has nothing else, and takes nothing', async () => {
    assert.equal((await ask({}, '/scim/v2/Users')).status, 404);
    assert.equal((await ask({}, '/metrics', 'POST')).status, 405);
    const broken = await ask({ metrics: () => Promise.reject(new Error('secret')) }, '/metrics');
    assert.deepEqual([broken.status, broken.text], [500, 'failed\n']);
  });
});
