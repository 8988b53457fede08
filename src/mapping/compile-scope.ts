// What the compiler's parts hand to one another: the file being compiled, where problems go, and a key of it with what it
// names.
import type { Subschema } from '../ldap/subschema/subschema.ts';
import type { PatchTarget } from '../scim/patch/patch.ts';
import type { ResourceType } from '../scim/schema/schema.ts';
import type { AttributeMappingObject, LoadedMapping } from './file/mapping-file.ts';

export interface CompileOptions {
  readonly subschema: Subschema;
  /** The subschema is a directory's own: an attribute that it lacks is a problem. */
  readonly live: boolean;
  /** The directory answers filters on entryDN (RFC 5020). */
  readonly matchEntryDn: boolean;
  /** The other side of DN-valued attributes, by their names in lower case, where the directory keeps it. */
  readonly backLinks?: ReadonlyMap<string, string>;
  /** What is sent to the directory is not encrypted: what it takes encrypted alone is a problem. */
  readonly plaintext?: boolean;
}

/** Collects problems with the place of their key path in the file. */
export type Report = (
  code: string,
  path: readonly string[],
  message: string,
  hint?: string,
  severity?: 'error' | 'warning',
) => void;

export interface CompileScope {
  readonly loaded: LoadedMapping;
  readonly options: CompileOptions;
  readonly report: Report;
  /** Before narrowing, for all types of the file. */
  readonly types: ReadonlyMap<string, ResourceType>;
}

/** A key of `attributes` with what it names. */
export interface MappedKey {
  readonly key: string;
  /** Of the key in the file. */
  readonly path: readonly string[];
  readonly target: PatchTarget;
  readonly mapping: AttributeMappingObject;
}
