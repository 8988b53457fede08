// Octets that ought to be UTF-8.
import { isUtf8 } from 'node:buffer';
import { toBytes } from '../value.ts';

/** The text of octets; undefined where they are not UTF-8 (RFC 3629). A byte order mark is a character like others. */
export function findText(octets: Uint8Array): string | undefined {
  return isUtf8(octets) ? toBytes(octets).toString('utf8') : undefined;
}
