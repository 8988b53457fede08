// What the gateway asks of a directory, whoever answers: the LDAP client over a connection, or a fake of thirty lines
// in a unit test. Every method rejects with an `LdapError` where the result code is not success.
import type { LdapEntry } from './entry.ts';
import type {
  AddRequest,
  CompareRequest,
  DeleteRequest,
  LdapResult,
  ModifyDnRequest,
  ModifyRequest,
  PasswordModifyRequest,
  SearchRequest,
  SearchResult,
} from './operations.ts';
import type { Subschema } from './subschema/subschema.ts';

export interface OperationOptions {
  /** Abandons the operation (RFC 4511 s4.11) and rejects with a `LdapTimeoutError` or the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Entries as they arrive. Iterate, visit or collect; one of them. A stream nobody reads is cancelled by `return()`. */
export interface SearchStream extends AsyncIterable<LdapEntry> {
  /**
   * Shows every entry to `take` when it arrives, and keeps none: the quick way where there may be very many. What `take`
   * throws ends the search.
   */
  visit(take: (entry: LdapEntry) => void): Promise<SearchResult>;
  /** All entries at once: the quick way where an answer is known to be small. */
  collect(): Promise<{ readonly entries: readonly LdapEntry[]; readonly result: SearchResult }>;
  /** Settles after the last entry. */
  readonly result: Promise<SearchResult>;
}

export interface DirectoryPort {
  search(request: SearchRequest, options?: OperationOptions): SearchStream;
  add(request: AddRequest, options?: OperationOptions): Promise<LdapResult>;
  modify(request: ModifyRequest, options?: OperationOptions): Promise<LdapResult>;
  modifyDn(request: ModifyDnRequest, options?: OperationOptions): Promise<LdapResult>;
  delete(request: DeleteRequest, options?: OperationOptions): Promise<LdapResult>;
  compare(request: CompareRequest, options?: OperationOptions): Promise<boolean>;
  /** The password that the server made, where `newPassword` was absent. */
  passwordModify(request: PasswordModifyRequest, options?: OperationOptions): Promise<string | undefined>;
  /** `*` and `+` of the root DSE (RFC 4512 s5.1). Read once, kept until `close`. */
  rootDse(options?: OperationOptions): Promise<LdapEntry>;
  /** The subschema that governs the directory's entries (RFC 4512 s4.2). Read once, kept until `close`. */
  subschema(options?: OperationOptions): Promise<Subschema>;
  /** Lets running operations end, then unbinds. */
  close(): Promise<void>;
}
