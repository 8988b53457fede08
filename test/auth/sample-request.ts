import type { AuthenticationRequest } from '../../src/auth/method.ts';

interface Parts extends Partial<Omit<AuthenticationRequest, 'header'>> {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** A request as `http` would describe it. */
export function sampleRequest({ headers = {}, ...parts }: Parts = {}): AuthenticationRequest {
  return {
    method: 'GET',
    url: 'https://scim.example.com/scim/v2/Users',
    authorization: undefined,
    header: (name) => [headers[name] ?? []].flat(),
    address: '192.0.2.1',
    ...parts,
  };
}
