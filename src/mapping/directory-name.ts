// The name of an LDAP attribute as its directory uses it: OpenLDAP 2.5.13 answers a request for `surname` with `sn`, and
// what comes under another name than was asked for would not be found.
import type { Subschema } from '../ldap/subschema/subschema.ts';
import { didYouMean } from '../util/did-you-mean.ts';

/** The attribute description with the first name that the schema gives its type; unknown ones as they are. */
export function directoryName(description: string, subschema: Subschema): string {
  const [type = '', ...options] = description.split(';');
  const first = subschema.attributeType(type)?.names[0];
  // Spelled otherwise in letter case alone, the file's spelling is the one that people look for.
  if (first === undefined || first.toLowerCase() === type.toLowerCase()) return description;
  return [first, ...options].join(';');
}

/** Without options and in lower case, as object classes list attributes. */
export function typeKey(description: string): string {
  return (description.split(';')[0] ?? '').toLowerCase();
}

/** For a name that the schema does not have: the one that was meant, as a hint. */
export function suggestAttribute(description: string, { attributeTypes }: Subschema): string | undefined {
  return didYouMean(
    description.split(';')[0] ?? '',
    attributeTypes.flatMap(({ names }) => names),
  );
}
