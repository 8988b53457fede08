// A slot: what the LDAP side can hold of one element of a complex attribute.
import type { JsonObject } from '../../scim/json.ts';
import type { Leaf } from '../leaf.ts';

export interface Slot {
  /** What the brackets of the mapping key say: `type`. */
  readonly selector: JsonObject;
  /** All sub-attributes with a fixed value, the selector's among them. */
  readonly constants: JsonObject;
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Every value of the only leaf is an element. */
  readonly repeated: boolean;
  /** Its first element reads as the primary one, unless the entry notes another. */
  readonly primary: boolean;
  /** The entry may note which element, of any slot, is the primary one. */
  readonly choice: boolean;
}

/** A slot that holds nothing but constants is there for every entry. */
export function isFixed({ leaves, constants, selector }: Slot): boolean {
  return leaves.size === 0 && Object.keys(constants).length > Object.keys(selector).length;
}
