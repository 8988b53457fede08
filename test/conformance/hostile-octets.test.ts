// Requests that mean harm, over real sockets: each is answered by a SCIM error below 500, or where HTTP itself is broken
// by a closed connection.
import assert from 'node:assert/strict';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { serve } from '../http/serve.ts';
import { useGuardedGateway } from './use-guarded-gateway.ts';

const mebibyte = 1024 * 1024;

describe('hostile octets', () => {
  const gateway = useGuardedGateway();
  const { read } = gateway;

  /** Raw octets to the gateway, and all that comes back until it, or nobody, has anything more to say. */
  async function raw(write: (socket: net.Socket) => void): Promise<string> {
    const { hostname, port } = new URL(gateway.served().url);
    return await new Promise((resolve) => {
      const socket = net.connect(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      // A connection that is reset while we write is closed, too.
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
      write(socket);
    });
  }

  const head = (...lines: readonly string[]): string =>
    [...lines, 'Host: gateway.test', `Authorization: Bearer ${gateway.served().token}`].join('\r\n');

  function statuses(text: string): number[] {
    return [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
  }

  it('50 MB with a length is 413 at once', async () => {
    const text = await raw((socket) => {
      socket.write(`${head('POST /scim/v2/Users HTTP/1.1', 'Connection: close')}\r\n`);
      socket.write(`Content-Type: application/json\r\nContent-Length: ${50 * mebibyte}\r\n\r\n{"schemas":`);
    });
    assert.deepEqual(statuses(text), [413]);
    assert.match(text, /"status":"413"/);
  });

  it('50 MB in chunks without a length is 413 or closed', async () => {
    const text = await raw((socket) => {
      socket.write(`${head('POST /scim/v2/Users HTTP/1.1', 'Connection: close')}\r\n`);
      socket.write('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `100000\r\n${' '.repeat(mebibyte)}\r\n`;
      let left = 50;
      const more = (): void => {
        while (left > 0 && !socket.destroyed) {
          left -= 1;
          if (!socket.write(chunk)) {
            socket.once('drain', more);
            return;
          }
        }
        socket.write('0\r\n\r\n');
      };
      more();
    });
    for (const status of statuses(text)) assert.equal(status, 413);
  });

  it('M16 a bomb of gzip is 413 before it is unpacked', async () => {
    const { url, token } = gateway.served();
    const response = await fetch(`${url}/Users`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/scim+json',
        'Content-Encoding': 'gzip',
      },
      body: gzipSync(Buffer.alloc(200 * mebibyte, ' ')),
    });
    assert.equal(response.status, 413);
    assert.equal(((await response.json()) as Record<string, unknown>)['status'], '413');
  });

  it('a broken bomb is 400', async () => {
    const body = gzipSync(Buffer.alloc(1000, ' ')).subarray(0, 15);
    const { url, token } = gateway.served();
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
    };
    assert.equal((await fetch(`${url}/Users`, { method: 'POST', headers, body })).status, 400);
  });

  it('huge headers are 431', async () => {
    const text = await raw((socket) => {
      socket.write(`${head('GET /scim/v2/Users HTTP/1.1')}\r\n${'X-Y: z\r\n'.repeat(20_000)}\r\n`);
    });
    assert.deepEqual(statuses(text), [431]);
    assert.match(text, /"status":"431"/);
  });

  it('a pipeline is answered up to the garbage in it', async () => {
    const text = await raw((socket) => {
      const get = `${head('GET /scim/v2/Users?count=0 HTTP/1.1')}\r\n\r\n`;
      socket.write(`${get}${get}\u0000\u0001garbage\r\n\r\n${get}`);
    });
    const found = statuses(text);
    assert.ok(
      found.every((status) => status === 200 || status === 400),
      String(found),
    );
    assert.ok(found.length <= 3 && found.at(-1) === 400, String(found));
  });

  const broken: readonly (readonly [string, string])[] = [
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks of no length', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a negative length', 'Content-Length: -1\r\n\r\n'],
    ['NUL in a header', 'X-Y: a\u0000b\r\n\r\n'],
    ['a line folded', 'X-Y: a\r\n b\u0001: c\r\n\r\n'],
    ['an encoding in an encoding', 'Transfer-Encoding: chunked, gzip\r\n\r\n'],
  ];
  for (const [title, rest] of broken) {
    it(`${title} is 400 and the connection closed`, async () => {
      const text = await raw((socket) => {
        const start = head('POST /scim/v2/Users HTTP/1.1', 'Content-Type: application/json', 'Connection: close');
        socket.write(`${start}\r\n${rest}`, 'latin1');
      });
      assert.deepEqual(statuses(text), [400]);
      assert.match(text, /"status":"400"/);
    });
  }

  it('a body that never comes keeps nobody else waiting', async () => {
    const { hostname, port } = new URL(gateway.served().url);
    const sockets = Array.from({ length: 100 }, () => net.connect(Number(port), hostname));
    try {
      for (const socket of sockets) {
        socket.on('error', () => undefined);
        socket.write(
          `${head('POST /scim/v2/Users HTTP/1.1')}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
        );
      }
      assert.equal((await read('/Users?count=0'))['itemsPerPage'], 0);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it('a body that comes too slowly is given up', async () => {
    const slow = await serve(undefined, { requestSeconds: 0.05 });
    try {
      const start =
        'POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer a-token-for-tests-0123456789';
      const text = await slow.raw(`${start}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`);
      assert.deepEqual(statuses(text), [408]);
    } finally {
      await slow.listener.stop(1);
    }
  });
});
