import type { CredentialMethod } from '../../auth/credential.ts';
import { isDn } from '../../ldap/dn.ts';
import type { FileReader } from '../file-reader.ts';
import type { CertificateBlock } from '../gateway-file.ts';

/** The `certificate` of a credential. */
export function toCertificate(
  at: readonly string[],
  { subjects = [], names = [], fingerprints = [] }: CertificateBlock,
  reader: FileReader,
): CredentialMethod | undefined {
  for (const [index, subject] of subjects.entries()) {
    if (isDn(subject) && subject.trim() !== '') continue;
    const place = [...at, 'subjects', String(index)];
    reader.report('wrongValue', 'error', place, 'is no distinguished name', 'CN=client,O=Example');
  }
  if (subjects.length + names.length + fingerprints.length === 0) {
    reader.report('missingKey', 'error', at, 'one of subjects, names and fingerprints is needed');
    return undefined;
  }
  const plain = fingerprints.map((text) =>
    text
      .replaceAll(':', '')
      .replace(/^sha256/i, '')
      .toLowerCase(),
  );
  return { kind: 'certificate', subjects: subjects.filter(isDn), names, fingerprints: plain };
}
