import { equalityKey } from '../matching-rules.ts';
import type { AttributeType } from '../subschema/subschema.ts';

/** An attribute description that the schema knows (RFC 4512 s2.5). */
export interface AttributeDescription {
  readonly type: AttributeType;
  /** As the directory prints it: the schema's first name, then the options. */
  readonly name: string;
  /** `name` in lower case: under it the values are kept. */
  readonly key: string;
}

/** Up to here values are compared one by one; beyond, a map finds them. */
const SMALL = 16;

/** The key under which equal values are the same; values without an equality rule compare octet by octet. */
export function valueKey(type: AttributeType, value: Buffer): string {
  return type.equality === undefined ? value.toString('latin1') : equalityKey(type.equality, value);
}

/**
 * The values of one attribute of one entry. A group of 100,000 members finds, takes and gives up a value as fast as one of
 * ten does; an attribute with few values, as most are, costs no more than its array.
 */
export class ValueSet {
  readonly attribute: AttributeDescription;
  #few: Buffer[] | undefined = [];
  #many: Map<string, Buffer> | undefined;
  #listed: readonly Buffer[] | undefined;

  constructor(attribute: AttributeDescription) {
    this.attribute = attribute;
  }

  get size(): number {
    return this.#many?.size ?? this.#few?.length ?? 0;
  }

  get values(): readonly Buffer[] {
    if (this.#few !== undefined) return this.#few;
    this.#listed ??= Array.from(this.#many?.values() ?? []);
    return this.#listed;
  }

  get keys(): readonly string[] {
    return this.#many === undefined ? this.values.map((value) => this.#key(value)) : Array.from(this.#many.keys());
  }

  /** Keys and values. */
  *entries(): Generator<readonly [string, Buffer]> {
    if (this.#many !== undefined) yield* this.#many;
    else for (const value of this.values) yield [this.#key(value), value];
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** The value as it is spelt here. */
  get(key: string): Buffer | undefined {
    return this.#many === undefined ? this.#few?.find((value) => this.#key(value) === key) : this.#many.get(key);
  }

  /** The caller has made sure that the key is not there yet. */
  add(key: string, value: Buffer): void {
    if (this.#few !== undefined && this.#few.length < SMALL) {
      // A new array: the old one may be on its way to a client.
      this.#few = [...this.#few, value];
      return;
    }
    if (this.#many === undefined) {
      this.#many = new Map(this.values.map((present) => [this.#key(present), present]));
      this.#few = undefined;
    }
    this.#many.set(key, value);
    this.#listed = undefined;
  }

  /** The value that went. */
  delete(key: string): Buffer | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (this.#few !== undefined) this.#few = this.#few.filter((present) => present !== value);
    else this.#many?.delete(key);
    this.#listed = undefined;
    return value;
  }

  #key(value: Buffer): string {
    return valueKey(this.attribute.type, value);
  }
}
