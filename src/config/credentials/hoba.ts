import type { CredentialMethod } from '../../auth/credential.ts';
import { parseHobaKey } from '../../auth/hoba.ts';
import type { FileReader } from '../file-reader.ts';
import type { HobaBlock } from '../gateway-file.ts';

/** The `hoba` of a credential. */
export function toHoba(at: readonly string[], block: HobaBlock, reader: FileReader): CredentialMethod | undefined {
  const { keyId, publicKeyFile } = block;
  const pem = reader.readText([...at, 'publicKeyFile'], publicKeyFile);
  if (pem === undefined) return undefined;
  const place = [...at, 'publicKeyFile'];
  if (pem.includes('PRIVATE KEY')) {
    reader.report('wrongValue', 'error', place, 'holds a private key, which belongs to the client alone');
    return undefined;
  }
  const publicKey = parseHobaKey(pem);
  if (publicKey !== undefined) return { kind: 'hoba', keyId, publicKey };
  reader.report('wrongValue', 'error', place, 'holds no RSA public key of 2048 bits at least in PEM form');
  return undefined;
}
