// What a look at the directory works with: what is checked, some entries of each type, and where findings go.
import type { Dialect } from '../ldap/dialects/dialect.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import type { MappingSource } from '../mapping/file/mapping-file.ts';
import type { CompiledMapping, ResourceMapping } from '../mapping/mapping.ts';
import type { ReportProblem } from './report.ts';

export interface CheckSubject {
  readonly mapping: CompiledMapping;
  readonly source: MappingSource;
  readonly dialect: Dialect;
  readonly directory: DirectoryPort;
  /** Entries of each type that are looked at. */
  readonly sample: number;
  /** Hears of what is being done. */
  progress?(text: string): void;
}

/** Some entries of one type. */
export interface TypeSample {
  readonly mapping: ResourceMapping;
  readonly entries: readonly LdapEntry[];
}

export interface CheckRun extends CheckSubject {
  readonly report: ReportProblem;
  remark(text: string): void;
}
