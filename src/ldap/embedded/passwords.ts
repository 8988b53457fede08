import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const STORED = /^\{(SSHA|SHA|CLEARTEXT)\}(.*)$/is;
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A salted SHA-1 in the form of OpenLDAP's default; what is a stored form already stays as it is. */
export function hashPassword(password: Buffer): Buffer {
  if (/^\{[A-Za-z0-9/.-]+\}/.test(password.toString('latin1'))) return password;
  const salt = randomBytes(8);
  return Buffer.from(`{SSHA}${Buffer.concat([digest(password, salt), salt]).toString('base64')}`);
}

/** Whether the password is the one that a value of userPassword stands for; unknown schemes match nothing. */
export function verifyPassword(stored: Buffer, password: Buffer): boolean {
  const text = stored.toString('latin1');
  const [, scheme, rest = ''] = STORED.exec(text) ?? [];
  if (scheme === undefined) return !text.startsWith('{') && sameOctets(stored, password);
  if (scheme.toUpperCase() === 'CLEARTEXT') return sameOctets(Buffer.from(rest, 'latin1'), password);
  const decoded = Buffer.from(rest, 'base64');
  return decoded.length >= 20 && sameOctets(decoded.subarray(0, 20), digest(password, decoded.subarray(20)));
}

/** Compares in a time that tells nothing about where they differ. */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** Twelve letters and digits that nobody mistakes for one another, about 70 bits. */
export function generatePassword(): string {
  return Array.from(randomBytes(12), (octet) => ALPHABET[octet % ALPHABET.length]).join('');
}

function digest(password: Buffer, salt: Buffer): Buffer {
  return createHash('sha1').update(password).update(salt).digest();
}
