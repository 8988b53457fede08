// Answers that are sent while they are made: what a client sees of them, and what happens where it does not take them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonValue } from '../../src/scim/json.ts';
import { LongArray } from '../../src/scim/long-array.ts';
import { type Served, serve, token } from './serve.ts';

const many = 200_000;

describe('long answers', () => {
  let made = 0;
  let served: Served;
  let element: (index: number) => JsonValue;

  before(async () => {
    served = await serve(
      () => ({
        status: 200,
        version: '7',
        body: {
          id: 'g',
          members: new LongArray({
            *[Symbol.iterator]() {
              for (let index = 0; index < many; index += 1) {
                made += 1;
                yield element(index);
              }
            },
          }),
        },
      }),
      { requestSeconds: 1 },
    );
  });
  beforeEach(() => {
    made = 0;
    element = (index) => ({ value: `member ${index}`, display: 'Émile' });
  });
  after(() => served.listener.stop(0));

  /** A connection that has asked and reads nothing. */
  async function ask(): Promise<net.Socket> {
    const socket = net.connect(served.listener.port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write(
      `GET /scim/v2/Groups/g HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    await once(socket, 'connect');
    return socket;
  }

  /** How many elements were made once no more are. */
  async function settled(): Promise<number> {
    const before = made;
    await sleep(150);
    return made > 0 && made === before ? made : settled();
  }

  const requests = () => served.observations.filter((each) => each.kind === 'request');
  const failures = () => served.observations.filter((each) => each.kind === 'requestFailed');

  it('are whole, with their headers but without a length', async () => {
    const response = await served.fetch('/scim/v2/Groups/g');
    assert.equal(response.headers.get('content-length'), null);
    assert.equal(response.headers.get('etag'), 'W/"7"');
    assert.match(response.headers.get('content-type') ?? '', /^application\/scim\+json/);
    const { members } = (await response.json()) as { members: readonly unknown[] };
    assert.deepEqual([members.length, members.at(-1)], [many, { value: `member ${many - 1}`, display: 'Émile' }]);
  });

  it('are not made for HEAD', async () => {
    const response = await served.fetch('/scim/v2/Groups/g', { method: 'HEAD' });
    assert.deepEqual([response.status, response.headers.get('etag'), await response.text()], [200, 'W/"7"', '']);
    assert.ok(made < many / 10, `${made} elements made`);
  });

  it('have a length where they turn out to be short', async () => {
    const answer = await serve(() => ({ status: 200, body: { members: new LongArray([{ value: 'é' }]) } }));
    const response = await answer.fetch('/scim/v2/Groups/g');
    assert.equal(response.headers.get('content-length'), '28');
    assert.equal(await response.text(), '{"members":[{"value":"é"}]}');
    await answer.listener.stop(0);
  });

  it('wait for a reader who is slow, and end where that takes nothing for as long as a request may take', async () => {
    const socket = await ask();
    const waiting = await settled();
    // What the buffers of both sides of the socket hold, of 8 MB.
    assert.ok(waiting < many * 0.9, `${waiting} of ${many} elements made for nobody`);
    let end = '';
    for await (const chunk of socket) end = `${end}${String(chunk)}`.slice(-9);
    assert.equal(end, ']}\r\n0\r\n\r\n');
    assert.equal(made, many);
    const told = requests().length;
    const stalled = await ask();
    while (requests().length === told) await sleep(50);
    assert.equal(requests().at(-1)?.status, 499);
    assert.ok(made < 2 * many, 'the answer went on for a reader who takes nothing');
    stalled.destroy();
  });

  it('end with the client, who is to blame for it', async () => {
    const [before, failed] = [requests().length, failures().length];
    const socket = await ask();
    const waiting = await settled();
    socket.destroy();
    while (requests().length === before) await sleep(10);
    assert.equal(requests().at(-1)?.status, 499);
    assert.equal(await settled(), waiting);
    assert.equal(failures().length, failed);
  });

  it('are an error of SCIM where they fail at once', async () => {
    element = () => {
      throw new Error('cannot be shown');
    };
    const response = await served.fetch('/scim/v2/Groups/g');
    assert.equal(response.status, 500);
    assert.deepEqual(((await response.json()) as { schemas: unknown }).schemas, [
      'urn:ietf:params:scim:api:messages:2.0:Error',
    ]);
  });

  it('break off where they fail later, so that nobody takes a part for the whole, and the failure is told', async () => {
    const failed = failures().length;
    element = (index) => {
      if (index > many / 2) throw new Error('cannot be shown');
      return { value: `member ${index}` };
    };
    const response = await served.fetch('/scim/v2/Groups/g');
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
    assert.deepEqual(
      failures()
        .slice(failed)
        .map(({ error }) => (error as Error).message),
      ['cannot be shown'],
    );
  });
});
