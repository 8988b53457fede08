import { parseSchemaLdif } from '../ldif.ts';
import { extendSubschema, type SchemaDefinitions } from '../subschema/parse-subschema.ts';
import { standardDefinitions, standardSubschema } from '../subschema/standard.ts';
import { createChangeNumbers } from './change-numbers.ts';
import { createAttributeLookup } from './describe-attribute.ts';
import type { DirectoryLimits, DirectoryState, UniquenessRule } from './directory-state.ts';
import { EntryStore } from './entry-store.ts';
import { createObjectClasses } from './object-classes.ts';
import { createValueSharing } from './share-values.ts';
import { createRootDse, createSubschemaEntry } from './special-entries.ts';

export interface DirectoryStateOptions {
  readonly suffix: string;
  /** Who may do everything. Default `cn=scim,<suffix>` with the password `secret`. */
  readonly administrator?: { readonly dn: string; readonly password: string };
  /** More schema, in the form of OpenLDAP's `cn=schema,cn=config`. */
  readonly schemaLdif?: readonly string[];
  /** Default: uid and mail below `ou=people,<suffix>`. */
  readonly unique?: readonly UniquenessRule[];
  /** Stands where the last value of a reference went. Default `cn=nobody,<suffix>`. */
  readonly nobody?: string;
  /** Keep references whole after a delete or a rename, as the refint overlay does. Default true. */
  readonly refint?: boolean;
  /** Answer `memberOf` from the groups' `member`, as a memberof overlay would. Default false. */
  readonly memberOf?: boolean;
  /** Default: none. */
  readonly limits?: DirectoryLimits;
}

/** Those of Windows, which Samba has not. */
export const windowsLimits: Required<DirectoryLimits> = { entries: 1_000, values: 1_500 };

/** A directory without entries. Throws `LdapSyntaxError` where a schema cannot be read. */
export function createDirectoryState(options: DirectoryStateOptions): DirectoryState {
  const { suffix, schemaLdif = [] } = options;
  const extra = schemaLdif.map(parseSchemaLdif);
  const definitions: SchemaDefinitions = {
    attributeTypes: [standardDefinitions, ...extra].flatMap((each) => each.attributeTypes),
    objectClasses: [standardDefinitions, ...extra].flatMap((each) => each.objectClasses),
  };
  const subschema = extra.reduce(extendSubschema, standardSubschema);
  const describe = createAttributeLookup(subschema);
  return {
    suffix,
    administrator: options.administrator ?? { dn: `cn=scim,${suffix}`, password: 'secret' },
    subschema,
    store: new EntryStore(subschema),
    refint: options.refint ?? true,
    objectClasses: createObjectClasses(subschema),
    changeNumbers: createChangeNumbers(),
    rootDse: createRootDse(describe, suffix),
    subschemaEntry: createSubschemaEntry(describe, definitions),
    unique: options.unique ?? [
      { base: `ou=people,${suffix}`, attribute: 'uid' },
      { base: `ou=people,${suffix}`, attribute: 'mail' },
    ],
    nobody: options.nobody ?? `cn=nobody,${suffix}`,
    memberOf: options.memberOf ?? false,
    limits: options.limits ?? {},
    describe,
    share: createValueSharing(),
  };
}
