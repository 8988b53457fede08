// The LDAP clients that the gateway is held against, behind one face.

export type Attributes = Readonly<Record<string, readonly string[]>>;

export interface DirectoryClient {
  readonly name: 'client' | 'ldapts';
  /** A subtree search; DN and the wanted attributes of what was found. With `paged` by simple paged results. */
  search(
    base: string,
    filter: string,
    attributes: readonly string[],
    options?: { readonly paged?: number },
  ): Promise<readonly Found[]>;
  /** Reads an entry, and `attribute` of whom its members are, by the deref control. How many there were. */
  dereference(base: string, filter: string, attributes: readonly string[], attribute: string): Promise<number>;
  compare(dn: string, attribute: string, value: string): Promise<boolean>;
  add(dn: string, attributes: Attributes): Promise<void>;
  modify(dn: string, operation: 'add' | 'delete' | 'replace', attribute: string, value: string): Promise<void>;
  delete(dn: string): Promise<void>;
  close(): Promise<void>;
}

export interface Found {
  readonly dn: string;
  first(attribute: string): string | undefined;
}
