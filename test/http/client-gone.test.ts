import assert from 'node:assert/strict';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { createApp } from '../../src/http/app.ts';
import type { Observation } from '../../src/observe/observation.ts';
import { fakeGateway } from './fake-gateway.ts';

describe('errors of a socket', () => {
  for (const [code, told] of [
    ['ECONNRESET', 0],
    ['EPIPE', 0],
    ['ERR_STREAM_PREMATURE_CLOSE', 0],
    ['ENOBUFS', 1],
    [undefined, 1],
  ] as const) {
    it(`${code ?? 'without a code'}: ${told === 0 ? 'the client went away, nothing failed' : 'told as a failure'}`, () => {
      const observations: Observation[] = [];
      const app = createApp({
        gateway: fakeGateway(),
        authenticator: createAuthenticator([]),
        observe: (observation) => observations.push(observation),
        basePath: '',
        trustedProxies: [],
        etag: true,
        publicDiscovery: 'none',
        bodyBytes: 1,
        requestSeconds: 1,
      });
      app.emit('error', Object.assign(new Error('x'), code === undefined ? {} : { code }));
      assert.equal(observations.length, told);
    });
  }
});
