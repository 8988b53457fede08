// DNs that say which entry they name (LDAP_SERVER_EXTENDED_DN_OID, MS-ADTS 3.1.1.3.4.1.5): `<GUID=...>;<SID=...>;CN=...`
// in place of `CN=...`. Here they become plain DNs again, so that nobody above the port meets the form, and the GUIDs go
// along as `dereferenced`.
import { type DereferencedValue, LdapEntry } from '../entry.ts';

/** Sent with flag 0, so that the GUID is its octets in hexadecimal. An account has a SID, too. */
const EXTENDED = /^<GUID=([0-9a-f]{32})>;(?:<SID=[^>]*>;)?/i;
const START = Buffer.from('<');
const NO_ATTRIBUTES: ReadonlyMap<string, readonly Buffer[]> = new Map();

/** A DN without what stands before it. */
export function plainDn(dn: string): string {
  return dn.replace(EXTENDED, '');
}

/** `isDn` says of which attributes the values are DNs: text that looks like one stays what it is. */
export function readExtendedDns(entry: LdapEntry, isDn: (attribute: string) => boolean): LdapEntry {
  const attributes = new Map<string, readonly Buffer[]>();
  const dereferenced = new Map<string, readonly DereferencedValue[]>();
  for (const [name, values] of entry.attributes) {
    if (!isDn(name) || !values.some(isExtended)) {
      attributes.set(name, values);
      continue;
    }
    const known = values.map(readValue);
    attributes.set(
      name,
      known.map(({ dn }) => Buffer.from(dn)),
    );
    dereferenced.set(name, known);
  }
  return new LdapEntry(plainDn(entry.dn), attributes, dereferenced);
}

function isExtended(value: Buffer): boolean {
  return value[0] === START[0];
}

function readValue(value: Buffer): DereferencedValue {
  const text = value.toString('utf8');
  const [before = '', guid] = EXTENDED.exec(text) ?? [];
  const dn = text.slice(before.length);
  const entry = new LdapEntry(dn, NO_ATTRIBUTES);
  return guid === undefined ? { dn, entry } : { dn, entry, guid: Buffer.from(guid, 'hex') };
}
