import { childDn } from '../dn.ts';
import type { ValueSet } from './value-set.ts';

/** An entry in memory. Its DN is made of its RDN and its parent's, so that a subtree moves by changing one of them. */
export class StoredEntry {
  /** RDN text; for the suffix entry the whole DN. */
  rdn: string;
  /** `dnKey` of the DN. */
  key: string;
  parent: StoredEntry | undefined;
  /** By attribute key, in the order in which they came. */
  readonly attributes = new Map<string, ValueSet>();
  /** First name of the structural object class. */
  structuralObjectClass = '';
  /** True once it left the directory: a search that is under way passes over it. */
  deleted = false;
  #children: Set<StoredEntry> | undefined;

  constructor(rdn: string, key: string, parent: StoredEntry | undefined) {
    this.rdn = rdn;
    this.key = key;
    this.parent = parent;
  }

  get dn(): string {
    return this.parent === undefined ? this.rdn : childDn(this.rdn, this.parent.dn);
  }

  get children(): Iterable<StoredEntry> {
    return this.#children ?? [];
  }

  get childCount(): number {
    return this.#children?.size ?? 0;
  }

  addChild(child: StoredEntry): void {
    this.#children ??= new Set();
    this.#children.add(child);
  }

  removeChild(child: StoredEntry): void {
    this.#children?.delete(child);
  }

  /** Whether it is the other entry or stands below it. */
  isBelow(ancestor: StoredEntry): boolean {
    return this === ancestor || (this.parent?.isBelow(ancestor) ?? false);
  }

  /** This entry and everything below it, parents first. */
  *subtree(): Generator<StoredEntry> {
    yield this;
    for (const child of this.children) yield* child.subtree();
  }
}
