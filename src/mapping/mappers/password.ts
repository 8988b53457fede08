// The password: written by the Password Modify operation (RFC 3062), so that the directory hashes it and applies its
// policy, or as a plain attribute where the directory does that itself. It is never read and never compared (G34).
import type { AttributeRef } from '../../scim/schema/schema.ts';
import { never } from '../bounds.ts';
import type { AttributeMapper } from '../mapper.ts';
import { unwritten } from './simple.ts';

export function passwordMapper(ref: AttributeRef, attribute: string | undefined): AttributeMapper {
  const base = { ...unwritten(ref), toScim: () => undefined, toFilter: () => never };
  if (attribute === undefined) return { ...base, passwordModify: true };
  return {
    ...base,
    writes: [attribute],
    toLdap: (value) => new Map([[attribute, typeof value === 'string' ? [value] : []]]),
  };
}
