// HOBA (RFC 7486): the client signs a challenge of the gateway with a key whose public half stands in the gateway file.
// Challenges are not remembered: each carries its time and a code by which the gateway knows it again.
import { createHmac, createPublicKey, type KeyObject, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import type { Holder } from './claims.ts';
import { type AuthenticationMethod, accepted, refused } from './method.ts';

export interface HobaSettings {
  /** By which the client names its key: letters of base64url. */
  readonly keyId: string;
  /** RSA of 2,048 bits at least, as algorithm 0 of the RFC wants it. */
  readonly publicKey: KeyObject;
}

export interface HobaCredential extends Holder {
  readonly method: HobaSettings;
}

/** How long a challenge may be answered, as often as the client likes (RFC 7486 s3). */
const maxAgeSeconds = 60;
const realm = 'scim';
/** RSA-SHA256, the one algorithm of the registry that is still good: the other one is RSA-SHA1. */
const algorithm = '0';
const part = /^[A-Za-z0-9_-]{1,1024}$/;

/** `secret` codes the challenges: replicas must have the same, or answer only their own. 32 octets. */
export function hoba(
  credentials: readonly HobaCredential[],
  secret: Buffer = randomBytes(32),
  now: () => number = Date.now,
): AuthenticationMethod {
  const byKeyId = new Map(credentials.map((credential) => [credential.method.keyId, credential]));
  // Verified against for a key that is not there, so that the time does not tell which ones are.
  const [anyone] = credentials;

  return {
    advertised: [
      {
        type: 'httphoba',
        name: 'HOBA',
        description: 'A signature over a challenge of the gateway, sent as Authorization: HOBA.',
        specUri: 'https://www.rfc-editor.org/info/rfc7486',
      },
    ],
    schemes: ['hoba'],
    challenges: () => [
      `HOBA max-age="${maxAgeSeconds}", challenge="${makeChallenge(secret, now())}", realm="${realm}"`,
    ],
    claimant: (text) => parseResult(text)?.keyId,
    authenticate({ credentials: text, request }) {
      const result = parseResult(text);
      if (result === undefined) return refused('the HOBA result is malformed');
      const { keyId, challenge, nonce, signature } = result;
      const credential = byKeyId.get(keyId) ?? anyone;
      if (credential === undefined) return refused('no credential has this HOBA key');
      const signed = toSign([nonce, algorithm, originOf(request.url), realm, keyId, challenge]);
      const right = verify('sha256', signed, credential.method.publicKey, Buffer.from(signature, 'base64url'));
      if (!byKeyId.has(keyId)) return refused('no credential has this HOBA key');
      if (!right) return refused(`${credential.name}: the HOBA signature is wrong`);
      const fault = faultOfChallenge(secret, challenge, now());
      if (fault !== undefined) return refused(`${credential.name}: ${fault}`, 'invalid');
      return accepted({ name: credential.name, profile: credential.profile });
    },
  };
}

interface HobaResult {
  readonly keyId: string;
  readonly challenge: string;
  readonly nonce: string;
  readonly signature: string;
}

/** `result="kid.challenge.nonce.sig"` (RFC 7486 s3). */
function parseResult(text: string): HobaResult | undefined {
  const [, result = ''] = /^result\s?=\s?"([A-Za-z0-9_.=-]{1,4096})"$/i.exec(text.trim()) ?? [];
  const parts = result.split('.');
  if (parts.length !== 4 || !parts.every((each) => part.test(each))) return undefined;
  const [keyId = '', challenge = '', nonce = '', signature = ''] = parts;
  return { keyId, challenge, nonce, signature };
}

/** Each field with its length in octets before it (RFC 7486 s2). */
export function toSign(fields: readonly string[]): Buffer {
  return Buffer.from(fields.map((field) => `${Buffer.byteLength(field)}:${field}`).join(''));
}

/** With a port in any case (RFC 7486 s2). */
export function originOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}

/** 8 octets of time, 16 of chance, 16 of the code. */
function makeChallenge(secret: Buffer, now: number): string {
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(BigInt(now));
  const body = Buffer.concat([head, randomBytes(16)]);
  return Buffer.concat([body, codeOf(secret, body)]).toString('base64url');
}

function faultOfChallenge(secret: Buffer, text: string, now: number): string | undefined {
  const octets = Buffer.from(text, 'base64url');
  if (octets.length !== 40) return 'the challenge is none of this gateway';
  const body = octets.subarray(0, 24);
  if (!timingSafeEqual(octets.subarray(24), codeOf(secret, body))) return 'the challenge is none of this gateway';
  const age = now - Number(body.readBigUInt64BE(0));
  return age < 0 || age > maxAgeSeconds * 1000 ? 'the challenge is too old' : undefined;
}

function codeOf(secret: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', secret).update('HOBA challenge').update(body).digest().subarray(0, 16);
}

/** Undefined for what is no RSA key of 2,048 bits at least. */
export function parseHobaKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : undefined;
  } catch {
    return undefined;
  }
}
