import { type Credential, type CredentialMethod, tokenHashes } from '../auth/credential.ts';
import { clientProfiles, interop } from '../scim/profile.ts';
import { didYouMean } from '../util/did-you-mean.ts';
import { toBasic } from './credentials/basic.ts';
import { toBearer } from './credentials/bearer.ts';
import { toCertificate } from './credentials/certificate.ts';
import { toHoba } from './credentials/hoba.ts';
import { toIntrospection } from './credentials/introspection.ts';
import { toJwt } from './credentials/jwt.ts';
import type { FileReader } from './file-reader.ts';
import type { CredentialBlock, MethodBlocks } from './gateway-file.ts';
import { toAuthorization } from './to-authorization.ts';

/** The `credentials` of a gateway file or of a tenant; names and tokens must differ. */
export function toCredentials(blocks: readonly CredentialBlock[], reader: FileReader): readonly Credential[] {
  const names = new Set<string>();
  const hashes = new Map<string, string>();
  return blocks.flatMap((block, index) => {
    const place = ['credentials', String(index)];
    if (names.has(block.name))
      reader.report('duplicateCredential', 'error', [...place, 'name'], `${block.name} is there twice`);
    names.add(block.name);
    const profile = block.profile === undefined ? interop : clientProfiles.get(block.profile);
    if (profile === undefined) {
      const known = [...clientProfiles.keys()];
      const hint = didYouMean(block.profile ?? '', known) ?? `profiles: ${known.join(', ')}`;
      reader.report('unknownProfile', 'error', [...place, 'profile'], 'there is no such client profile', hint);
    }
    const method = toMethod(place, block, reader);
    if (profile === undefined || method === undefined) return [];
    const authorization = toAuthorization(place, block, reader);
    const credential: Credential = {
      name: block.name,
      profile,
      method,
      ...(authorization === undefined ? {} : { authorization }),
    };
    for (const hash of tokenHashes([credential])) {
      const other = hashes.get(hash);
      if (other !== undefined) reader.report('duplicateCredential', 'error', place, `has the same token as ${other}`);
      hashes.set(hash, block.name);
    }
    return [credential];
  });
}

type ReadMethod = (at: readonly string[], blocks: MethodBlocks, reader: FileReader) => CredentialMethod | undefined;

/** One line per method. */
const methods: Readonly<Record<keyof MethodBlocks, ReadMethod>> = {
  bearer: (at, { bearer }, reader) => bearer && toBearer(at, bearer, reader),
  jwt: (at, { jwt }, reader) => jwt && toJwt(at, jwt, reader),
  introspection: (at, { introspection }, reader) => introspection && toIntrospection(at, introspection, reader),
  certificate: (at, { certificate }, reader) => certificate && toCertificate(at, certificate, reader),
  basic: (at, { basic }, reader) => basic && toBasic(at, basic, reader),
  hoba: (at, { hoba }, reader) => hoba && toHoba(at, hoba, reader),
};

const methodNames = Object.keys(methods) as (keyof MethodBlocks)[];

function toMethod(at: readonly string[], block: CredentialBlock, reader: FileReader): CredentialMethod | undefined {
  const [name, ...others] = methodNames.filter((key) => block[key] !== undefined);
  if (name === undefined || others.length > 0) {
    const found = name === undefined ? 'none' : [name, ...others].join(' and ');
    reader.report('ambiguousSecret', 'error', at, `exactly one of ${methodNames.join(', ')} is needed, found ${found}`);
    return undefined;
  }
  return methods[name]([...at, name], block, reader);
}
