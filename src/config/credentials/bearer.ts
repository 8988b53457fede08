import { hashToken, parseTokenHash, type StaticToken } from '../../auth/bearer.ts';
import type { CredentialMethod } from '../../auth/credential.ts';
import type { FileReader } from '../file-reader.ts';
import type { BearerBlock, TokenBlock } from '../gateway-file.ts';

/** The `bearer` of a credential: one token, or several that are valid side by side. */
export function toBearer(at: readonly string[], block: BearerBlock, reader: FileReader): CredentialMethod | undefined {
  const { tokens, ...single } = block;
  if (tokens !== undefined && Object.keys(single).length > 0) {
    reader.report('conflict', 'error', at, 'beside tokens no other key may stand');
    return undefined;
  }
  const found =
    tokens === undefined
      ? [toToken(at, single, reader)]
      : tokens.map((token, index) => toToken([...at, 'tokens', String(index)], token, reader));
  const whole = found.filter((token) => token !== undefined);
  return whole.length < found.length ? undefined : { kind: 'bearer', tokens: whole };
}

/** Below this a token could be guessed, and its unsalted hash be searched for. */
const minTokenLength = 20;

const tokenKeys = {
  tokenHash: 'literal',
  tokenHashFile: 'file',
  tokenFile: 'file',
  tokenEnv: 'environment',
} as const;

function toToken(at: readonly string[], block: TokenBlock, reader: FileReader): StaticToken | undefined {
  const tokenHash = readTokenHash(at, block, reader);
  const [notBefore, notAfter] = [readTime(at, 'notBefore', block, reader), readTime(at, 'notAfter', block, reader)];
  if (notBefore !== undefined && notAfter !== undefined && notAfter <= notBefore) {
    reader.report('wrongValue', 'error', [...at, 'notAfter'], 'must be later than notBefore');
  } else if (notAfter !== undefined && notAfter <= Date.now()) {
    reader.report('expiredToken', 'warning', [...at, 'notAfter'], 'the token has expired', 'remove it');
  }
  if (tokenHash === undefined) return undefined;
  return {
    tokenHash,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
}

/** The schema lets pass what looks like a time, such as a thirteenth month. */
function readTime(
  at: readonly string[],
  key: 'notBefore' | 'notAfter',
  block: TokenBlock,
  reader: FileReader,
): number | undefined {
  const text = block[key];
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  reader.report('wrongValue', 'error', [...at, key], 'there is no such time');
  return undefined;
}

function readTokenHash(at: readonly string[], block: TokenBlock, reader: FileReader): Buffer | undefined {
  const secret = reader.readSecret(at, block, tokenKeys);
  if (secret === undefined) return undefined;
  const place = [...at, secret.key];
  if (secret.key === 'tokenHash' || secret.key === 'tokenHashFile') {
    const hash = parseTokenHash(secret.value);
    if (hash === undefined) reader.report('wrongValue', 'error', place, 'is not sha256: and 64 hexadecimal digits');
    return hash;
  }
  if (secret.value.length < minTokenLength) {
    reader.report('weakToken', 'error', place, `the token is shorter than ${minTokenLength} characters`);
  }
  return hashToken(secret.value);
}
