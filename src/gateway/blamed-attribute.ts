// Which SCIM attribute a directory's refusal is about. The directory names its own attribute in a text that clients never
// see; the mapping knows what that is on their side.
import type { ResourceMapping } from '../mapping/mapping.ts';
import { attributeKey } from '../scim/schema/schema.ts';

/**
 * How products name the attribute. OpenLDAP 2.5.13: `mail: value #0 invalid per syntax`, `object class 'person' requires
 * attribute 'sn'`, `non-unique attributes found with (|(uid=ann))`. 389-DS 2.3.1: `missing attribute "sn" required by
 * object class "person"`. Samba 4.17: `attribute 'givenName' on entry`, `samldb: samAccountName 'ann' already in use!`. Windows:
 * `problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 2a (givenName)`.
 */
const forms: readonly RegExp[] = [
  /^([A-Za-z][\w;-]*): /,
  /\battribute\s+["']([A-Za-z][\w;-]*)["']/i,
  /\(([A-Za-z][\w;-]*)[~<>]?=/,
  /\bsamldb: ([A-Za-z][\w-]*) '/,
  /\bAtt [0-9a-f]+ \(([A-Za-z][\w-]*)\)/,
];

/** The attribute's path in SCIM; undefined where the text names none that the mapping writes. */
export function findBlamedAttribute(diagnosticMessage: string, mapping: ResourceMapping): string | undefined {
  for (const form of forms) {
    const name = form.exec(diagnosticMessage)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    const mapper = mapping.mappers.find(({ writes }) => writes.some((each) => each.toLowerCase() === name));
    if (mapper !== undefined) return attributeKey(mapper.ref);
  }
  return undefined;
}
