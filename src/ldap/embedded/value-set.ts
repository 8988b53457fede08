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
 * The values of one attribute of one entry. A set of few values, as most are, never changes and may stand in many entries;
 * a large one belongs to one entry and changes in place, so that a group of 100,000 members finds, takes and gives up a
 * value as fast as one of a hundred does.
 */
export class ValueSet {
  readonly attribute: AttributeDescription;
  readonly #few: readonly Buffer[] | undefined;
  readonly #many: Map<string, Buffer> | undefined;
  #listed: readonly Buffer[] | undefined;

  private constructor(
    attribute: AttributeDescription,
    few: readonly Buffer[] | undefined,
    many: Map<string, Buffer> | undefined,
  ) {
    this.attribute = attribute;
    this.#few = few;
    this.#many = many;
  }

  /** A set of values; one that equals another before it is left out. */
  static of(attribute: AttributeDescription, values: readonly Buffer[]): ValueSet {
    if (values.length === 1) return new ValueSet(attribute, values, undefined);
    return values.reduce<ValueSet>(
      (set, value) => set.add(valueKey(attribute.type, value), value),
      new ValueSet(attribute, [], undefined),
    );
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

  /** The set to use from now on; the same one where the key was there already or the set is large. */
  add(key: string, value: Buffer): ValueSet {
    if (this.has(key)) return this;
    if (this.#few !== undefined && this.#few.length < SMALL)
      return new ValueSet(this.attribute, [...this.#few, value], undefined);
    const set = this.#many === undefined ? new ValueSet(this.attribute, undefined, new Map(this.entries())) : this;
    set.#many?.set(key, value);
    set.#listed = undefined;
    return set;
  }

  /** The set to use from now on. */
  delete(key: string): ValueSet {
    if (this.#few !== undefined) {
      const rest = this.#few.filter((value) => this.#key(value) !== key);
      return new ValueSet(this.attribute, rest, undefined);
    }
    this.#many?.delete(key);
    this.#listed = undefined;
    return this;
  }

  #key(value: Buffer): string {
    return valueKey(this.attribute.type, value);
  }
}
