// `${name}` in a mapping file. Variables are put in first; in templates, what is not a variable may be a SCIM path, which
// is filled in per resource, much later.
import { didYouMean } from '../../util/did-you-mean.ts';
import { isBlock } from './merge-layers.ts';
import { fileProblems, type ProblemCode } from './problem-codes.ts';

/** Tells of a problem at a key path. */
export type Report = (kind: ProblemCode, path: readonly string[], message: string, hint?: string) => void;

const placeholder = /\$\{([^{}]*)\}/g;
const openPlaceholder = /\$\{(?![^{}]*\})/;
/** `userName`, `name.givenName`, `emails[type eq "work"].value`, `enterprise:department`, `urn:...:User:title`. */
const scimPath = /^(?:urn:\S+:|enterprise:)?[A-Za-z$][\w$-]*(?:\[[^\]]*\])?(?:\.[A-Za-z$][\w$-]*)?$/;

/**
 * Values of all variables, with those they name put in. `overrides` win over the file; one that the file neither has nor
 * uses is misspelt.
 */
export function resolveVariables(
  mapping: Readonly<Record<string, unknown>>,
  overrides: Readonly<Record<string, string>>,
  report: Report,
): ReadonlyMap<string, string> {
  const raw = new Map<string, string>();
  for (const [name, value] of isBlock(mapping['variables']) ? Object.entries(mapping['variables']) : []) {
    if (typeof value === 'string') raw.set(name, value);
  }
  const declared = [...raw.keys()];
  const text = JSON.stringify(mapping);
  for (const [name, value] of Object.entries(overrides)) {
    if (!raw.has(name) && !text.includes(`\${${name}}`)) {
      const list = declared.length === 0 ? 'they have none' : `variables: ${declared.join(', ')}`;
      const message = `the mapping files have no variable "${name}", which the gateway file sets`;
      report(fileProblems.unknownVariable, ['variables'], message, didYouMean(name, declared) ?? list);
    }
    raw.set(name, value);
  }

  const resolved = new Map<string, string>();
  const resolve = (name: string, within: readonly string[]): string => {
    const known = resolved.get(name);
    if (known !== undefined) return known;
    const path = ['variables', name];
    const value = replacePlaceholders(raw.get(name) ?? '', (inner) => {
      if (!raw.has(inner)) return undefined;
      if ([...within, name].includes(inner)) {
        report(fileProblems.variableCycle, path, `\${${inner}} needs itself`);
        return '';
      }
      return resolve(inner, [...within, name]);
    });
    reportLeftOver(value, path, raw.keys(), false, report);
    // What is reported here is not reported again wherever the variable is used.
    resolved.set(name, value.replaceAll('${', ''));
    return value;
  };
  for (const name of raw.keys()) resolve(name, []);
  return resolved;
}

/** The mapping with variables put into every `entry` and `delete` block and attribute mapping. */
export function substituteVariables(
  mapping: Readonly<Record<string, unknown>>,
  variables: ReadonlyMap<string, string>,
  report: Report,
): Readonly<Record<string, unknown>> {
  const { resourceTypes } = mapping;
  if (!isBlock(resourceTypes)) return mapping;
  const substituted = mapBlock(resourceTypes, (type, typeName) => {
    if (!isBlock(type)) return type;
    return mapBlock(type, (part, key) =>
      ['entry', 'delete', 'attributes'].includes(key)
        ? fill(part, ['resourceTypes', typeName, key], variables, report)
        : part,
    );
  });
  return { ...mapping, variables: Object.fromEntries(variables), resourceTypes: substituted };
}

function fill(
  value: unknown,
  path: readonly string[],
  variables: ReadonlyMap<string, string>,
  report: Report,
): unknown {
  if (typeof value === 'string') {
    const filled = replacePlaceholders(value, (name) => variables.get(name));
    reportLeftOver(filled, path, variables.keys(), isTemplate(path), report);
    return filled;
  }
  if (Array.isArray(value)) return value.map((each, index) => fill(each, [...path, String(index)], variables, report));
  if (isBlock(value)) return mapBlock(value, (each, key) => fill(each, [...path, key], variables, report));
  return value;
}

/** `resourceTypes.T.attributes.A.default` and `.template`, `resourceTypes.T.entry.defaults.A`, also as a list. */
function isTemplate(path: readonly string[]): boolean {
  const [, , part, name, key] = path;
  if (part === 'entry') return name === 'defaults' && (path.length === 5 || /^\d+$/.test(path[5] ?? ''));
  return path.length === 5 && (key === 'default' || key === 'template');
}

function reportLeftOver(
  text: string,
  path: readonly string[],
  variables: Iterable<string>,
  template: boolean,
  report: Report,
): void {
  if (openPlaceholder.test(text)) report(fileProblems.openPlaceholder, path, `"\${" is not closed in "${text}"`);
  for (const match of text.matchAll(placeholder)) {
    const name = match[1] ?? '';
    if (template && name.split('|').every((part) => scimPath.test(part.trim()))) continue;
    const known = [...variables];
    const list = known.length === 0 ? 'no variables are defined' : `variables: ${known.join(', ')}`;
    report(fileProblems.unknownVariable, path, `there is no variable "${name}"`, didYouMean(name, known) ?? list);
  }
}

/** Placeholders for which `find` knows nothing stay. */
function replacePlaceholders(text: string, find: (name: string) => string | undefined): string {
  return text.replace(placeholder, (whole, name: string) => find(name.trim()) ?? whole);
}

function mapBlock(
  block: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(block).map(([key, value]) => [key, change(value, key)]));
}
