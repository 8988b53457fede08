// UUIDs kept as text (RFC 4530 entryUUID; nsUniqueId is another form) <-> lower-case text. SCIM ids compare letter by
// letter, the directory's UUIDMatch does not: an id in upper case must find nothing.
import { isUuid, writeUuid } from '../../ldap/syntaxes/uuid.ts';
import type { CompareValue } from '../../scim/filter/filter.ts';
import { filterByAssertion } from './filter-by-assertion.ts';
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const transform: Transform = {
  name: 'uuid',
  traits: { types: ['string'], invertible: true, ordered: false, equality: true, substrings: false },
  toScim(values) {
    const text = firstText(values)?.toLowerCase();
    return text !== undefined && isUuid(text) ? text : undefined;
  },
  toLdap(value) {
    if (isUnassigned(value)) return [];
    const text = typeof value === 'string' ? value.toLowerCase() : '';
    if (!isUuid(text)) throw notStorable(value, 'a UUID');
    return [text];
  },
  toAssertion,
  toFilter: filterByAssertion(toAssertion),
  writeUuid,
};

export const uuidTransform: TransformFactory = {
  name: 'uuid',
  description: 'A UUID kept as text, such as entryUUID, in lower case.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};

function toAssertion(value: CompareValue): string | undefined {
  if (value.type !== 'string' || !isUuid(value.value)) return undefined;
  return value.value === value.value.toLowerCase() ? value.value : undefined;
}
