// Octets that ought to be UTF-8.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of octets; undefined where they are not UTF-8 (RFC 3629). */
export function findText(octets: Uint8Array): string | undefined {
  try {
    return strict.decode(octets);
  } catch {
    return undefined;
  }
}
