import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { createExternalUrl } from '../../src/http/external-url.ts';
import { ScimError } from '../../src/scim/error.ts';

interface Sample {
  readonly headers?: Readonly<Record<string, string>>;
  readonly peer?: string;
  readonly url?: string;
  readonly rawNames?: readonly string[];
  readonly publicUrl?: string;
  readonly trustedProxies?: readonly string[];
  readonly basePath?: string;
}

function externalUrl({ headers = {}, peer = '192.0.2.7', url = '/', rawNames = ['Host'], ...options }: Sample): string {
  const socket = { remoteAddress: peer, localAddress: '::1', localPort: 8080 };
  const all = { host: 'own.example:8080', ...headers };
  const rawHeaders = rawNames.flatMap((name) => [name, 'own.example:8080']);
  const request = { httpVersion: '1.1', url, headers: all, rawHeaders, socket };
  return createExternalUrl({ trustedProxies: [], basePath: '/scim/v2', ...options })(
    request as unknown as IncomingMessage,
  );
}

const forwarding = {
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'scim.example.com',
  'x-forwarded-prefix': '/tenants/a',
};

describe('P6 external base URL', () => {
  for (const [title, sample, expected] of [
    ['the Host header', {}, 'http://own.example:8080/scim/v2'],
    ['an IPv6 Host', { headers: { host: '[::1]:8080' } }, 'http://[::1]:8080/scim/v2'],
    ['the URL before the Host header', { url: 'http://other.example:8080/x' }, 'http://other.example:8080/scim/v2'],
    ['an empty base path', { basePath: '' }, 'http://own.example:8080'],
    ['publicUrl before all', { publicUrl: 'https://p.example/x', headers: forwarding }, 'https://p.example/x'],
    ['no forwarding headers of strangers', { headers: forwarding }, 'http://own.example:8080/scim/v2'],
    [
      'none where another proxy is trusted',
      { headers: forwarding, trustedProxies: ['192.0.2.8'] },
      'http://own.example:8080/scim/v2',
    ],
    [
      'those of a trusted address',
      { headers: forwarding, trustedProxies: ['192.0.2.7'] },
      'https://scim.example.com/tenants/a/scim/v2',
    ],
    [
      'those of a trusted network',
      { headers: forwarding, trustedProxies: ['192.0.2.0/24'] },
      'https://scim.example.com/tenants/a/scim/v2',
    ],
    [
      'an IPv4 peer on an IPv6 socket',
      { headers: forwarding, peer: '::ffff:192.0.2.7', trustedProxies: ['192.0.2.0/24'] },
      'https://scim.example.com/tenants/a/scim/v2',
    ],
    [
      'an IPv6 network',
      { headers: forwarding, peer: '2001:db8::5', trustedProxies: ['2001:db8::/32'] },
      'https://scim.example.com/tenants/a/scim/v2',
    ],
    [
      'the first of a list',
      { headers: { 'x-forwarded-host': 'a.example, b.example' }, trustedProxies: ['192.0.2.7'] },
      'http://a.example/scim/v2',
    ],
    [
      'a prefix with a slash at its end',
      { headers: { 'x-forwarded-prefix': '/a/' }, trustedProxies: ['192.0.2.7'] },
      'http://own.example:8080/a/scim/v2',
    ],
  ] as const satisfies readonly (readonly [string, Sample, string])[]) {
    it(`takes ${title}`, () => {
      assert.equal(externalUrl(sample), expected);
    });
  }

  for (const [title, sample] of [
    ['a Host with a path', { headers: { host: 'a.example/evil' } }],
    ['a Host with credentials', { headers: { host: 'user@a.example' } }],
    ['two Hosts', { rawNames: ['Host', 'Accept', 'HOST'] }],
    ['two Hosts though publicUrl is set', { rawNames: ['Host', 'host'], publicUrl: 'https://p.example' }],
    ['two Hosts behind a URL', { rawNames: ['Host', 'host'], url: 'http://other.example/' }],
    ['an empty Host', { headers: { host: '' } }],
    ['an empty Host though publicUrl is set', { headers: { host: '' }, publicUrl: 'https://p.example' }],
    ['a forwarded host with spaces', { headers: { 'x-forwarded-host': 'a b' }, trustedProxies: ['192.0.2.7'] }],
    [
      'a prefix that leaves the host',
      { headers: { 'x-forwarded-prefix': '//evil.example' }, trustedProxies: ['192.0.2.7'] },
    ],
  ] as const satisfies readonly (readonly [string, Sample])[]) {
    it(`refuses ${title} with 400`, () => {
      assert.throws(
        () => externalUrl(sample),
        (error) => error instanceof ScimError && error.status === 400,
      );
    });
  }
});
