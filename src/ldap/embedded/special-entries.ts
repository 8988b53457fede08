import { dnKey } from '../dn.ts';
import { controlOid, extendedOid, FEATURE_MODIFY_INCREMENT } from '../protocol/oids.ts';
import type { SchemaDefinitions } from '../subschema/parse-subschema.ts';
import { SUBSCHEMA_DN } from './entry-view.ts';
import { StoredEntry } from './stored-entry.ts';
import { type AttributeDescription, ValueSet } from './value-set.ts';

type Describe = (name: string) => AttributeDescription | undefined;

/** RFC 3673 (`+`), RFC 4529 (`@class`), RFC 4526 (`(&)`), RFC 4525 (increment). */
const FEATURES = [
  '1.3.6.1.4.1.4203.1.5.1',
  '1.3.6.1.4.1.4203.1.5.2',
  '1.3.6.1.4.1.4203.1.5.3',
  FEATURE_MODIFY_INCREMENT,
];

/** The root DSE (RFC 4512 s5.1). Permissive modify works and is not named, as on OpenLDAP 2.5; there are no extended DNs. */
export function createRootDse(describe: Describe, suffix: string): StoredEntry {
  const { sortResponse: _, vlvResponse: __, permissiveModify: ___, extendedDn: ____, ...controls } = controlOid;
  return createSpecialEntry(describe, '', 'top', {
    objectClass: ['top'],
    namingContexts: [suffix],
    supportedControl: Object.values(controls),
    supportedExtension: [extendedOid.passwordModify, extendedOid.whoAmI],
    supportedFeatures: FEATURES,
    supportedLDAPVersion: ['3'],
    vendorName: ['scim-ldap embedded directory'],
    vendorVersion: ['for trying and for tests'],
  });
}

/** The subschema subentry with the definitions in use (RFC 4512 s4.2). */
export function createSubschemaEntry(describe: Describe, definitions: SchemaDefinitions): StoredEntry {
  return createSpecialEntry(describe, SUBSCHEMA_DN, 'subentry', {
    objectClass: ['top', 'subentry', 'subschema', 'extensibleObject'],
    cn: ['Subschema'],
    attributeTypes: definitions.attributeTypes,
    objectClasses: definitions.objectClasses,
  });
}

function createSpecialEntry(
  describe: Describe,
  dn: string,
  structural: string,
  attributes: Readonly<Record<string, readonly string[]>>,
): StoredEntry {
  const entry = new StoredEntry(dn, dnKey(dn), undefined);
  entry.structuralObjectClass = structural;
  for (const [name, texts] of Object.entries(attributes)) {
    const attribute = describe(name);
    if (attribute === undefined) continue;
    const values = texts.map((text) => Buffer.from(text));
    entry.attributes.set(attribute.key, ValueSet.of(attribute, values));
  }
  return entry;
}
