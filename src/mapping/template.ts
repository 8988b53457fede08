// Templates in a mapping file: text with `${scim.path}` placeholders, `${a|b}` for the first that has a value. They read
// canonical resources and know nothing of the directory.
import { isJsonObject, type JsonValue } from '../scim/json.ts';
import type { Resource } from '../scim/resource.ts';
import { getAttribute } from '../scim/resource.ts';
import type { AttributeRef } from '../scim/schema/schema.ts';

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paths'; readonly refs: readonly AttributeRef[] };

export interface Template {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** Throws an `Error` that names the placeholder which `find` does not know. */
export function compileTemplate(text: string, find: (path: string) => AttributeRef | undefined): Template {
  const parts: Part[] = [];
  let position = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    if (match.index > position) parts.push({ kind: 'text', text: text.slice(position, match.index) });
    const refs = (match[1] ?? '').split('|').map((path) => {
      const ref = find(path.trim());
      if (ref === undefined) throw new Error(`\${${path.trim()}} is no SCIM attribute of this resource type`);
      return ref;
    });
    parts.push({ kind: 'paths', refs });
    position = match.index + match[0].length;
  }
  if (position < text.length) parts.push({ kind: 'text', text: text.slice(position) });
  return { text, parts };
}

/** Attributes that a template reads. */
export function templateRefs(template: Template): AttributeRef[] {
  return template.parts.flatMap((part) => (part.kind === 'paths' ? part.refs : []));
}

/** Undefined where every placeholder is empty; runs of white space that empty placeholders leave behind collapse. */
export function fillTemplate(template: Template, resource: Resource): string | undefined {
  let filled = '';
  let values = 0;
  let placeholders = 0;
  for (const part of template.parts) {
    if (part.kind === 'text') {
      filled += part.text;
      continue;
    }
    placeholders += 1;
    const value = firstText(part.refs, resource);
    if (value === undefined) continue;
    values += 1;
    filled += value;
  }
  if (placeholders > 0 && values === 0) return undefined;
  const text = values === placeholders ? filled : filled.replace(/\s+/g, ' ').trim();
  return text === '' ? undefined : text;
}

function firstText(refs: readonly AttributeRef[], resource: Resource): string | undefined {
  for (const ref of refs) {
    const text = asText(getAttribute(resource, ref), ref);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** Of a multi-valued attribute: the primary value, else the first. */
function asText(value: JsonValue | undefined, ref: AttributeRef): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    const elements = value as readonly JsonValue[];
    const chosen = elements.find((element) => isJsonObject(element) && element['primary'] === true) ?? elements[0];
    return asText(chosen, ref);
  }
  if (isJsonObject(value)) return asText(value[ref.subAttribute?.name ?? 'value'], ref);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
