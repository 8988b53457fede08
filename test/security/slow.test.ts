// Clients that take long for nothing: each is given up after a while, and meanwhile nobody else waits.
import assert from 'node:assert/strict';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { listen, type RequestHandler } from '../../src/http/listen.ts';

const slow = { headers: 500, reading: 500 };

describe('slow clients', () => {
  const large = 'x'.repeat(32 * 1024 * 1024);
  const sockets: net.Socket[] = [];
  const handler: RequestHandler = (request, response) => {
    request.resume();
    response.end(request.url === '/large' ? large : 'ok');
    return Promise.resolve();
  };
  let port: number;
  let stop: () => Promise<void>;

  before(async () => {
    const listener = await listen(handler, { host: '127.0.0.1', port: 0, slow });
    ({ port } = listener);
    stop = () => listener.stop(0);
  });

  after(async () => {
    for (const socket of sockets) socket.destroy();
    await stop();
  });

  function connect(): net.Socket {
    const socket = net.connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    return socket;
  }

  /** What came until the other side closed, and after how long. */
  function closing(socket: net.Socket): Promise<{ readonly text: string; readonly milliseconds: number }> {
    const start = performance.now();
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    return new Promise((resolve) => {
      socket.on('close', () => resolve({ text, milliseconds: performance.now() - start }));
    });
  }

  async function assertServed(): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(await response.text(), 'ok');
  }

  it('headers that come letter by letter are answered with 408, and 300 of them keep nobody waiting', async () => {
    const open = Array.from({ length: 300 }, connect);
    const closed = open.map(closing);
    for (const socket of open) socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const dripping = setInterval(() => {
      for (const socket of open) if (!socket.destroyed) socket.write('a');
    }, 50);
    try {
      await assertServed();
      for (const { text } of await Promise.all(closed)) {
        assert.match(text, /^HTTP\/1\.1 408 /);
        assert.match(text, /"status":"408"/);
      }
    } finally {
      clearInterval(dripping);
    }
  });

  it('a connection on which nothing comes is closed', async () => {
    await closing(connect());
  });

  it('who does not read the answer is given up, though the answer is not out', async () => {
    const socket = connect();
    socket.pause();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    await assertServed();
    // The system tells of the end only to who reads on, behind what it has kept for it.
    setTimeout(() => socket.resume(), 4 * slow.reading);
    let read = 0;
    socket.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    socket.pause();
    await closed;
    assert.ok(read < large.length, `${read} octets of ${large.length}`);
  });

  it('who reads slowly but does gets it all', async () => {
    const socket = connect();
    let read = 0;
    const all = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > large.length) resolve();
        else if (read % 7 === 0) {
          socket.pause();
          setTimeout(() => socket.resume(), 20);
        }
      });
    });
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    await all;
  });
});
