import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { createTrustedProxies } from '../../src/http/trusted-proxies.ts';

describe('the address of a client', () => {
  for (const [title, peer, forwardedFor, expected] of [
    ['is the peer', '192.0.2.7', undefined, '192.0.2.7'],
    ['is the peer, whatever a stranger claims', '192.0.2.7', '203.0.113.9', '192.0.2.7'],
    ['is what a trusted proxy says', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['is what the last stranger in the row was seen as', '10.0.0.1', '6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['is found behind several proxies', '10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['is the outermost proxy where all are trusted', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['is the proxy where it says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['stops at what is no address', '10.0.0.1', '203.0.113.9, unknown, 10.0.0.2', '10.0.0.2'],
    ['is IPv4 where the socket shows it in IPv6', '::ffff:192.0.2.7', undefined, '192.0.2.7'],
    ['is read behind a proxy in IPv6 notation', '::ffff:10.0.0.1', '2001:db8::1', '2001:db8::1'],
  ] as const) {
    it(title, () => {
      const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
      const request = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
      assert.equal(createTrustedProxies(['10.0.0.0/8']).clientAddress(request), expected);
    });
  }
});
