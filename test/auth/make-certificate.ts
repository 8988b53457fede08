import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWish {
  /** As openssl writes it where it is more than a common name: `/O=Example/CN=client`. */
  readonly cn?: string;
  readonly subject?: string;
  /** `subjectAltName` of openssl: `DNS:a.example,URI:spiffe://a`. */
  readonly names?: string;
  readonly issuer?: Certificate;
  readonly authority?: boolean;
  /** Days from now; negative: it has ended. */
  readonly days?: number;
}

/** A certificate of P-256, signed by itself or by an authority, made by openssl. */
export function makeCertificate({ cn = 'client', issuer, authority, days = 2, ...wish }: CertificateWish): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'scim-ldap-certificate-'));
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  try {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      'req',
      '-new',
      '-utf8',
      ...key,
      '-subj',
      wish.subject ?? `/CN=${cn}`,
      '-keyout',
      'own.key',
      '-out',
      'own.csr',
    );
    const names = wish.names === undefined ? '' : `subjectAltName=${wish.names}\n`;
    write('own.ext', `basicConstraints=critical,CA:${authority === true ? 'TRUE' : 'FALSE'}\n${names}`);
    const signed = ['x509', '-req', '-in', 'own.csr', '-days', String(days), '-extfile', 'own.ext', '-out', 'own.pem'];
    if (issuer === undefined) openssl(...signed, '-signkey', 'own.key');
    else {
      write('ca.pem', issuer.cert);
      write('ca.key', issuer.key);
      openssl(...signed, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial');
    }
    return { cert: readFileSync(join(folder, 'own.pem'), 'utf8'), key: readFileSync(join(folder, 'own.key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
