// Where in the directory an entry goes: right below one DN, or below the one that a value of the resource decides.
import { dnKey, parentDn } from '../ldap/dn.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import type { AttributeRef } from '../scim/schema/schema.ts';
import type { AttributeMapper } from './mapper.ts';

export interface Placement {
  /** DN right below which entries go that `rule` has no place for. */
  readonly otherwise: string;
  readonly rule?: PlacementRule;
}

export interface PlacementRule {
  /** One value of text, number or true and false. */
  readonly ref: AttributeRef;
  readonly mapper: AttributeMapper;
  /** DNs by `placementKey` of the value. */
  readonly places: ReadonlyMap<string, string>;
}

/** Under which two values have the same place. */
export function placementKey({ attribute, subAttribute }: AttributeRef, value: string): string {
  return (subAttribute ?? attribute).caseExact ? value : value.toLowerCase();
}

/** DN right below which the entry of a resource goes. */
export function placeOf({ rule, otherwise }: Placement, resource: Resource): string {
  const value = rule === undefined ? undefined : getAttribute(resource, rule.ref);
  if (rule === undefined || value === undefined) return otherwise;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return rule.places.get(placementKey(rule.ref, text)) ?? otherwise;
}

/**
 * Where an entry moves when its resource changes; undefined where it stays. Only another value moves it: who was put
 * elsewhere by hand is left there.
 */
export function planMove(placement: Placement, dn: string, before: Resource, after: Resource): string | undefined {
  const place = placeOf(placement, after);
  if (dnKey(place) === dnKey(placeOf(placement, before)) || dnKey(place) === dnKey(parentDn(dn))) return undefined;
  return place;
}
