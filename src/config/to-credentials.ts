import { hashToken, parseTokenHash } from '../auth/bearer.ts';
import { clientProfiles, interop } from '../scim/profile.ts';
import { didYouMean } from '../util/did-you-mean.ts';
import type { FileReader } from './file-reader.ts';
import type { BearerSettings } from './gateway-config.ts';
import type { CredentialBlock } from './gateway-file.ts';

/** The `credentials` of a gateway file; names and tokens must differ. */
export function toCredentials(blocks: readonly CredentialBlock[], reader: FileReader): readonly BearerSettings[] {
  const names = new Set<string>();
  const hashes = new Map<string, string>();
  return blocks.flatMap((block, index) => {
    const at = ['credentials', String(index)];
    if (names.has(block.name))
      reader.report('duplicateCredential', 'error', [...at, 'name'], `${block.name} is there twice`);
    names.add(block.name);
    const profile = block.profile === undefined ? interop : clientProfiles.get(block.profile);
    if (profile === undefined) {
      const known = [...clientProfiles.keys()];
      const hint = didYouMean(block.profile ?? '', known) ?? `profiles: ${known.join(', ')}`;
      reader.report('unknownProfile', 'error', [...at, 'profile'], 'there is no such client profile', hint);
    }
    const tokenHash = readTokenHash(at, block, reader);
    if (profile === undefined || tokenHash === undefined) return [];
    const other = hashes.get(tokenHash.toString('hex'));
    if (other !== undefined) reader.report('duplicateCredential', 'error', at, `has the same token as ${other}`);
    hashes.set(tokenHash.toString('hex'), block.name);
    return [{ name: block.name, tokenHash, profile }];
  });
}

/** Below this a token could be guessed, and its unsalted hash be searched for. */
const minTokenLength = 20;

const tokenKeys = {
  tokenHash: 'literal',
  tokenHashFile: 'file',
  tokenFile: 'file',
  tokenEnv: 'environment',
} as const;

function readTokenHash(at: readonly string[], block: CredentialBlock, reader: FileReader): Buffer | undefined {
  const secret = reader.readSecret([...at, 'bearer'], block.bearer, tokenKeys);
  if (secret === undefined) return undefined;
  const place = [...at, 'bearer', secret.key];
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
