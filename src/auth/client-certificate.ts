// Clients that show a TLS certificate. A subject or a name counts only where an authority of the operator vouches for it; a
// fingerprint says by itself which certificate is meant.
import type { X509Certificate } from 'node:crypto';
import { dnKey, isDn } from '../ldap/dn.ts';
import type { JsonObject } from '../scim/json.ts';
import type { Holder } from './claims.ts';
import { isCallerName } from './claims.ts';
import { type AuthenticationMethod, accepted, refused } from './method.ts';

/** Any of them is enough. */
export interface CertificateSettings {
  /** In the form of RFC 4514. */
  readonly subjects: readonly string[];
  /** Alternative names with their kind: `DNS:client.example.com`, `URI:spiffe://example/client`. */
  readonly names: readonly string[];
  /** SHA-256, lower-case hexadecimal digits. */
  readonly fingerprints: readonly string[];
}

export interface CertificateCredential extends Holder {
  readonly method: CertificateSettings;
}

/** Looks at requests without an Authorization header. */
export function clientCertificates(
  credentials: readonly CertificateCredential[],
  now: () => number = Date.now,
): AuthenticationMethod {
  const keyed = credentials.map(({ name, profile, method }) => ({
    name,
    profile,
    subjects: new Set(method.subjects.map(dnKey)),
    names: new Set(method.names.map(nameKey)),
    fingerprints: new Set(method.fingerprints),
  }));
  return {
    advertised: [
      {
        type: 'tlsclientcertificate',
        name: 'TLS client certificate',
        description: 'A certificate that the client shows while the connection is set up.',
        specUri: 'https://www.rfc-editor.org/info/rfc8446',
      },
    ],
    schemes: [],
    // No scheme is registered for it, and a 401 must have a challenge (RFC 9110 s15.5.2).
    challenges: () => ['ClientCertificate realm="scim"'],
    authenticate({ request: { certificate } }) {
      if (certificate === undefined) return refused('no credentials came');
      const { x509, trusted } = certificate;
      if (!isInTime(x509, now())) return refused(`the client certificate ${shown(x509)} is not valid now`);
      const about = describe(x509);
      const found = keyed.find(
        ({ subjects, names, fingerprints }) =>
          fingerprints.has(about.fingerprint) ||
          (trusted &&
            ((about.subject !== undefined && subjects.has(dnKey(about.subject))) ||
              about.names.some((each) => names.has(nameKey(each))))),
      );
      if (found === undefined) {
        const why = trusted ? 'is no credential’s' : 'is of no authority that is trusted here';
        return refused(`the client certificate ${shown(x509)} ${why}`);
      }
      const claims: JsonObject = {
        subject: about.subject ?? null,
        names: about.names,
        fingerprint: about.fingerprint,
      };
      return accepted({ name: found.name, profile: found.profile, claims });
    },
  };
}

interface Description {
  /** Undefined where it is empty or cannot be read. */
  readonly subject: string | undefined;
  readonly names: readonly string[];
  readonly fingerprint: string;
}

function describe(x509: X509Certificate): Description {
  return {
    subject: subjectOf(x509),
    names: alternativeNames(x509),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/**
 * Node writes an RDN a line, the root first, each escaped by RFC 2253: turned around and joined it is a DN. Control
 * characters come escaped, so that no value can make a line of its own.
 */
function subjectOf({ subject }: X509Certificate): string | undefined {
  if (subject === undefined || subject === '') return undefined;
  const dn = subject.split('\n').toReversed().join(',');
  return isDn(dn) ? dn : undefined;
}

/** `DNS:a, URI:b`; Node quotes a value with a comma or a quote in it. What does not read so as a whole has no names. */
function alternativeNames({ subjectAltName }: X509Certificate): readonly string[] {
  if (subjectAltName === undefined) return [];
  const names: string[] = [];
  const one = /([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;
  while (one.lastIndex < subjectAltName.length) {
    const [, kind, value = ''] = one.exec(subjectAltName) ?? [];
    if (kind === undefined) return [];
    if (!value.startsWith('"')) names.push(`${kind}:${value}`);
  }
  return names;
}

/** Host names are the same in any case (RFC 9525 s6.3); nothing else is. */
function nameKey(name: string): string {
  return name.startsWith('DNS:') ? name.toLowerCase() : name;
}

function isInTime({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return validFromDate.getTime() <= now && now <= validToDate.getTime();
}

/** For the log: anyone can make a certificate with any subject. */
function shown(x509: X509Certificate): string {
  const subject = subjectOf(x509);
  return isCallerName(subject) ? subject : x509.fingerprint256;
}
