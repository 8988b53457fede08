import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Door, dispatch } from '../../src/http/dispatch.ts';

const response = {} as ServerResponse;

/** Which of the doors a request is sent to. */
function chosen(doors: Readonly<Record<string, Omit<Door, 'handle'>>>, url: string, host = 'any.example'): string {
  const went: string[] = [];
  const handle = (name: string) => (): Promise<void> => {
    went.push(name);
    return Promise.resolve();
  };
  const all = Object.entries(doors).map(([name, door]) => ({ ...door, handle: handle(name) }));
  const socket = { remoteAddress: '192.0.2.7' };
  const request = { httpVersion: '1.1', url, headers: { host }, rawHeaders: ['Host', host], socket };
  void dispatch(all, { trustedProxies: [], nobody: handle('nobody') })(request as unknown as IncomingMessage, response);
  assert.equal(went.length, 1);
  return went[0] ?? '';
}

const path = (basePath: string, ...hosts: readonly string[]) => ({ basePath, hosts });

describe('dispatch', () => {
  const doors = {
    plain: path('/scim/v2'),
    deep: path('/scim/acme/v2'),
    host: path('/scim/v2', 'h.example', '[::1]'),
    other: path('/other', 'h.example'),
  };
  for (const [url, host, door] of [
    ['/scim/v2/Users', 'any.example', 'plain'],
    ['/scim/v2', 'any.example', 'plain'],
    ['/scim/v2?x=/scim/acme/v2', 'any.example', 'plain'],
    ['/scim/Users', 'any.example', 'plain'],
    ['/scim/v9/Users', 'any.example', 'plain'],
    ['/scim/acme/v2/Users', 'any.example', 'deep'],
    ['/scim/acme/Users', 'any.example', 'deep'],
    ['/scim/acme2/Users', 'any.example', 'plain'],
    ['/scim/v2/Users', 'H.example:443', 'host'],
    ['/scim/v2/Users', '[::1]:8080', 'host'],
    ['/other/Users', 'h.example', 'other'],
    ['/other/Users', 'any.example', 'nobody'],
    ['/scimx/v2/Users', 'any.example', 'nobody'],
    ['/', 'h.example', 'nobody'],
    ['*', 'h.example', 'nobody'],
    ['', 'h.example', 'nobody'],
    ['/other/Users', 'not a host', 'nobody'],
    ['/scim/v2/Users', 'not a host', 'plain'],
  ] as const) {
    it(`sends ${url} of ${host} to ${door}`, () => {
      assert.equal(chosen(doors, url, host), door);
    });
  }

  it('sends all to a lone door that is for any host', () => {
    assert.equal(chosen({ only: path('/scim/v2') }, '*'), 'only');
  });

  it('sends only what is for its host to a lone door that names one', () => {
    const only = path('/scim/v2', 'h.example');
    assert.equal(chosen({ only }, '/scim/v2', 'h.example'), 'only');
    assert.equal(chosen({ only }, '/scim/v2'), 'nobody');
  });
});
