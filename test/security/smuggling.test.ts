// Request smuggling: whatever the lengths of a request say, what follows it is never taken for a request of somebody else.
// A proxy in front may cut the stream in another way than we do; so what two could read in two ways is refused, and the
// connection closed with it. `conformance/hostile-octets.test.ts` has the plain forms; here are those that hide.
import assert from 'node:assert/strict';
import net from 'node:net';
import { useGateway } from '../conformance/use-gateway.ts';

const marker = 'smuggled-request';

describe('request smuggling', () => {
  const gateway = useGateway();

  /** All that comes back until the other side closes, or `quiet` milliseconds have passed without anything. */
  function send(text: string, quiet = 300): Promise<string> {
    const { hostname, port } = new URL(gateway.served().url);
    return new Promise((resolve) => {
      const socket = net.connect(Number(port), hostname);
      let answer = '';
      socket.setTimeout(quiet, () => socket.destroy());
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
      socket.write(text, 'latin1');
    });
  }

  const statuses = (text: string): number[] =>
    [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const authorization = () => `Authorization: Bearer ${gateway.served().token}`;
  const smuggled = () =>
    `GET /scim/v2/Users?count=0 HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${marker}\r\n${authorization()}\r\n\r\n`;

  for (const [title, headers] of [
    ['a coding that is nearly chunked', ['Transfer-Encoding: xchunked']],
    ['a vertical tab before chunked', ['Transfer-Encoding: \u000bchunked']],
    ['chunked not at the end', ['Transfer-Encoding: chunked, identity']],
    ['two codings in two headers', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']],
    ['a space before the colon', ['Transfer-Encoding : chunked']],
    ['a coding beside a length', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['a length beside a coding', ['Transfer-Encoding: chunked', 'Content-Length: 4']],
    ['two lengths in one header', ['Content-Length: 0, 44']],
    ['a length with a sign', ['Content-Length: +0']],
    ['a length in hex', ['Content-Length: 0x0']],
    ['a length with a space inside', ['Content-Length: 4 4']],
    ['a header folded over two lines', ['X-A: b', ' Content-Length: 0']],
    ['a bare carriage return in a header', ['X-A: b\rContent-Length: 0']],
    ['a line of no header', ['Content-Length: 0', 'nothing']],
  ] as const satisfies readonly (readonly [string, readonly string[]])[]) {
    it(`${title} is refused, and what follows is not looked at`, async () => {
      const head = ['POST /scim/v2/Users HTTP/1.1', 'Host: x', authorization(), 'Content-Type: application/json'];
      const answer = await send(`${[...head, ...headers].join('\r\n')}\r\n\r\n0\r\n\r\n${smuggled()}`);
      const found = statuses(answer);
      assert.ok(found.length === 1 && found[0] === 400, `${found.join()}\n${answer}`);
      assert.ok(!answer.includes(marker));
    });
  }

  for (const [title, start, status] of [
    ['refused for its token', () => 'POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong', 401],
    ['refused for its path', () => `POST /nowhere HTTP/1.1\r\nHost: x\r\n${authorization()}`, 404],
    [
      'refused for its type',
      () => `POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n${authorization()}`,
      415,
    ],
    ['of a method without a body', () => `GET /scim/v2/Users?count=0 HTTP/1.1\r\nHost: x\r\n${authorization()}`, 200],
    ['of a DELETE', () => `DELETE /scim/v2/Users/x HTTP/1.1\r\nHost: x\r\n${authorization()}`, 404],
    ['of a public endpoint', () => 'GET /scim/v2/ServiceProviderConfig HTTP/1.1\r\nHost: x', 200],
  ] as const) {
    it(`a body ${title} is passed over, not taken for a request`, async () => {
      const body = smuggled();
      const length = `Content-Length: ${Buffer.byteLength(body)}`;
      const answer = await send(`${start()}\r\n${length}\r\n\r\n${body}`);
      assert.deepEqual(statuses(answer), [status]);
      assert.ok(!answer.includes(marker), answer);
    });
  }

  it('a request behind a whole one is answered as itself', async () => {
    const first = `GET /scim/v2/ServiceProviderConfig HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`;
    const answer = await send(first + smuggled());
    assert.deepEqual(statuses(answer), [200, 200]);
    assert.ok(answer.includes(marker));
  });
});
