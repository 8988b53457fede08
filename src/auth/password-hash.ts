// Passwords that stand in the gateway file, as scrypt hashes (RFC 7914) in the form of PHC strings:
// `$scrypt$ln=15,r=8,p=1$salt$hash`, base64 without padding.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export interface PasswordHash {
  /** Logarithm of the cost. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,})\$([A-Za-z0-9+/]{22,})$/;
/** A tenth of a second and 32 MiB. */
const usual = { ln: 15, r: 8, p: 1 } as const;
/** Less could be searched, more would stop the gateway. */
const range = { least: 14, most: 18 } as const;

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { ...usual, salt, hash: await run(password, { ...usual, salt, length: 32 }) };
}

export async function isPassword(password: string, { hash, ...parameters }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await run(password, { ...parameters, length: hash.length }), hash);
}

/** Undefined where the text is none, or too weak or too costly. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [whole, ln = '', r = '', p = '', salt = '', hash = ''] = form.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  const numbers = { ln: Number(ln), r: Number(r), p: Number(p) };
  const inRange = numbers.ln >= range.least && numbers.ln <= range.most && numbers.r === 8 && numbers.p <= 4;
  if (!inRange || numbers.p === 0) return undefined;
  return { ...numbers, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

export function printPasswordHash({ ln, r, p, salt, hash }: PasswordHash): string {
  const [first, second] = [salt, hash].map((octets) => octets.toString('base64').replace(/=+$/, ''));
  return `$scrypt$ln=${ln},r=${r},p=${p}$${first}$${second}`;
}

function run(
  password: string,
  { ln, r, p, salt, length }: Omit<PasswordHash, 'hash'> & { readonly length: number },
): Promise<Buffer> {
  const N = 2 ** ln;
  return derive(password.normalize('NFC'), salt, length, { N, r, p, maxmem: 256 * N * r * p });
}
