import type { Subschema } from '../subschema/subschema.ts';
import type { AttributeDescription } from './value-set.ts';

const OPTIONS = /^(?:;[A-Za-z0-9-]+)*$/;

/** Looks attribute descriptions up in a schema, each text once. */
export function createAttributeLookup(subschema: Subschema): (text: string) => AttributeDescription | undefined {
  const known = new Map<string, AttributeDescription | undefined>();
  const byName = new Map<string, AttributeDescription>();
  return (text) => {
    if (known.has(text)) return known.get(text);
    const found = findDescription(subschema, text);
    // One object for all spellings, and clients cannot fill the memory with names.
    const shared = found && (byName.get(found.name) ?? found);
    if (shared !== undefined) byName.set(shared.name, shared);
    if (known.size < 10_000) known.set(text, shared);
    return shared;
  };
}

function findDescription(subschema: Subschema, text: string): AttributeDescription | undefined {
  const semicolon = text.indexOf(';');
  const base = semicolon === -1 ? text : text.slice(0, semicolon);
  const options = semicolon === -1 ? '' : text.slice(semicolon).toLowerCase();
  const type = subschema.attributeType(base);
  if (type === undefined || !OPTIONS.test(options)) return undefined;
  const sorted = options === '' ? '' : `;${options.slice(1).split(';').sort().join(';')}`;
  const name = `${type.names[0] ?? type.oid}${sorted}`;
  return { type, name, key: name.toLowerCase() };
}

/** The attribute key without options. */
export function baseKey(key: string): string {
  const semicolon = key.indexOf(';');
  return semicolon === -1 ? key : key.slice(0, semicolon);
}
