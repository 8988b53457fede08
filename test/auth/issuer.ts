// An issuer of tokens on loopback: a key set, an introspection endpoint, and signatures, right or wrong as a test wants.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export interface Issuer {
  readonly url: string;
  readonly jwksUrl: string;
  readonly introspectionUrl: string;
  /** What the key set shows; a test changes it. */
  keys: SigningKey[];
  /** What introspection says of a token; of others `{ active: false }`. */
  readonly active: Map<string, object>;
  /** Answers instead of the usual ones, while set. */
  broken?: (response: ServerResponse) => void;
  readonly requests: { readonly path: string; readonly authorization: string; readonly body: URLSearchParams }[];
  sign(key: SigningKey, claims?: object, header?: object): Promise<string>;
  stop(): Promise<void>;
}

export async function makeKey(alg = 'ES256', kid: string = randomUUID()): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export const audience = 'https://scim.example.com';

export async function startIssuer(): Promise<Issuer> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    url,
    jwksUrl: `${url}/jwks`,
    introspectionUrl: `${url}/introspect`,
    keys: [await makeKey()],
    active: new Map(),
    requests: [],
    sign: (key, claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: url, aud: audience, sub: 'caller', iat: now, exp: now + 300, ...claims };
      return new SignJWT(all).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = new URLSearchParams(Buffer.concat(chunks).toString());
    issuer.requests.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '', body });
    if (issuer.broken !== undefined) {
      issuer.broken(response);
      return;
    }
    const value =
      request.url === '/jwks'
        ? { keys: issuer.keys.map(({ jwk }) => jwk) }
        : (issuer.active.get(body.get('token') ?? '') ?? { active: false });
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  }

  return issuer;
}
