// What no JSON Schema says well: keys that exclude or need each other, names that must exist elsewhere in the file.
import { didYouMean } from '../../util/did-you-mean.ts';
import { isBlock } from './merge-layers.ts';
import { fileProblems } from './problem-codes.ts';
import type { Report } from './substitute-variables.ts';

type Block = Readonly<Record<string, unknown>>;

/** Keys that need a value to be stored in an LDAP attribute. */
const storing = ['transform', 'values', 'default', 'reference', 'placeholder', 'singleValued', 'primary'] as const;

/** Each excludes all that follow it. */
const conflicts: readonly (readonly [key: string, excluded: readonly string[], why: string])[] = [
  ['constant', ['attribute', 'template', 'backlink', 'nested', 'write', ...storing], 'a constant is stored nowhere'],
  [
    'template',
    ['attribute', 'backlink', 'nested', 'write', ...storing],
    'a template is computed on reading, never stored',
  ],
  ['backlink', ['attribute', 'write', 'by', ...storing], 'a backlink is found in the entries that point here'],
  ['reference', ['transform', 'values', 'default', 'follow', 'write'], 'a reference is a resource, not a text'],
  ['values', ['transform', 'write'], 'both convert the value'],
];

const needs: readonly (readonly [key: string, needed: string])[] = [
  ['options', 'transform'],
  ['otherwise', 'values'],
  ['follow', 'default'],
  ['nested', 'backlink'],
  ['by', 'reference'],
  ['placeholder', 'reference'],
  ['with', 'write'],
  ['generate', 'write'],
  ...storing.map((key) => [key, 'attribute'] as const),
];

/** Reports every impossible combination in a mapping that may have other problems, too. */
export function checkCombinations(mapping: Block, report: Report): void {
  const types = blocksOf(mapping['resourceTypes']);
  for (const [typeName, type] of types) {
    const path = ['resourceTypes', typeName, 'attributes'];
    const attributes = isBlock(type['attributes']) ? Object.entries(type['attributes']) : [];
    checkSameName(
      attributes.map(([name]) => name),
      path,
      report,
    );
    checkPrimary(attributes, path, report);
    if (isBlock(type['entry'])) checkFollow(type['entry'], ['resourceTypes', typeName, 'entry', 'follow'], report);
    if (isBlock(type['delete'])) checkDelete(type['delete'], ['resourceTypes', typeName, 'delete'], report);
    for (const [name, definition] of attributes) {
      if (!isBlock(definition)) continue;
      checkKeys(definition, [...path, name], report);
      checkTargets(definition, typeName, types, [...path, name], report);
    }
  }
}

function blocksOf(value: unknown): ReadonlyMap<string, Block> {
  const entries = isBlock(value) ? Object.entries(value) : [];
  return new Map(entries.flatMap(([key, block]) => (isBlock(block) ? [[key, block] as const] : [])));
}

function checkKeys(definition: Block, path: readonly string[], report: Report): void {
  const has = (key: string) => Object.hasOwn(definition, key);
  for (const [key, excluded, why] of conflicts) {
    if (!has(key)) continue;
    for (const other of excluded.filter(has)) {
      report(fileProblems.conflict, [...path, other], `"${key}" and "${other}" exclude each other`, why);
    }
  }
  if (has('attribute') && definition['write'] === 'passwordModify') {
    const hint = 'the directory knows where passwords are; "write: attribute" writes the attribute itself';
    report(
      fileProblems.conflict,
      [...path, 'attribute'],
      '"attribute" and "write: passwordModify" exclude each other',
      hint,
    );
  }
  if (definition['write'] === 'attribute' && definition['generate'] === true) {
    const hint = 'a password is made up where an operation of its own sets it';
    report(fileProblems.conflict, [...path, 'generate'], '"write: attribute" and "generate" exclude each other', hint);
  }
  checkAccess(definition, path, report);

  const source = ['constant', 'template', 'backlink'].find(has);
  if (source !== undefined) return;
  const missing = needs.filter(([key, needed]) => has(key) && !has(needed));
  for (const [key, needed] of missing) report(fileProblems.needsOther, [...path, key], `"${key}" needs "${needed}"`);
  const { write } = definition;
  if ((write === 'attribute' || write === 'quotedUtf16') && !has('attribute')) {
    report(fileProblems.needsOther, [...path, 'write'], `"write: ${write}" needs "attribute"`);
  } else if (missing.length === 0 && !has('attribute') && !has('write')) {
    const hint = 'add "attribute", "constant", "template" or "backlink"';
    report(fileProblems.noSource, path, 'nothing says where the value comes from', hint);
  }
}

/** What follows has to be made of something. */
function checkFollow({ follow, defaults }: Block, path: readonly string[], report: Report): void {
  const made = new Map(
    Object.entries(isBlock(defaults) ? defaults : {}).map(([name, each]) => [name.toLowerCase(), each]),
  );
  for (const [index, name] of (Array.isArray(follow) ? follow : []).entries()) {
    if (typeof name !== 'string') continue;
    const text = made.get(name.toLowerCase());
    if (text !== undefined && !isBlock(text)) continue;
    const hint = 'an attribute that a SCIM attribute is mapped to has `follow: true` beside its `default`';
    report(fileProblems.needsOther, [...path, String(index)], `"follow" needs a text for ${name} in "defaults"`, hint);
  }
}

function checkDelete(definition: Block, path: readonly string[], report: Report): void {
  const { policy, container } = definition;
  if (typeof policy !== 'string') return;
  const moves = policy === 'move' || policy === 'disableAndHide';
  if (moves && container === undefined) {
    const hint = 'name the DN right below which the entries go';
    report(fileProblems.needsOther, [...path, 'policy'], `"policy: ${policy}" needs "container"`, hint);
  }
  const useless = [...(moves ? [] : ['container']), ...(moves || policy === 'disable' ? [] : ['references'])];
  for (const key of useless.filter((each) => Object.hasOwn(definition, each))) {
    report(fileProblems.conflict, [...path, key], `"policy: ${policy}" and "${key}" exclude each other`);
  }
}

function checkAccess(definition: Block, path: readonly string[], report: Report): void {
  const { access } = definition;
  if (access === undefined) return;
  const computed = ['constant', 'template', 'backlink'].find((key) => Object.hasOwn(definition, key));
  if (computed !== undefined && access !== 'readOnly') {
    report(fileProblems.conflict, [...path, 'access'], `"${computed}" can only be read`, 'leave "access" out');
  }
  if (access === 'readOnly' && Object.hasOwn(definition, 'default')) {
    report(
      fileProblems.conflict,
      [...path, 'default'],
      'what is read only gets no default',
      'computed on reading: "template"',
    );
  }
}

function checkTargets(
  definition: Block,
  typeName: string,
  types: ReadonlyMap<string, Block>,
  path: readonly string[],
  report: Report,
): void {
  const { reference, backlink } = definition;
  const unknown = (name: string, key: readonly string[]) => {
    const hint = didYouMean(name, types.keys()) ?? `resource types: ${[...types.keys()].join(', ')}`;
    report(fileProblems.unknownResourceType, [...path, ...key], `there is no resource type "${name}"`, hint);
  };
  for (const [index, name] of targetsOf(reference).entries()) {
    const at = Array.isArray(reference) ? ['reference', String(index)] : ['reference'];
    if (!types.has(name)) unknown(name, at);
  }
  for (const [index, source] of [backlink].flat().entries()) {
    const at = [...path, 'backlink', ...(Array.isArray(backlink) ? [String(index)] : [])];
    const named = isBlock(source) ? source['type'] : undefined;
    if (typeof named === 'string' && !types.has(named)) unknown(named, [...at.slice(path.length), 'type']);
    // Without a dot its form is wrong, which the JSON Schema says.
    if (typeof source !== 'string' || !source.includes('.')) continue;
    const [holderName = ''] = source.split('.');
    const holder = types.get(holderName);
    if (holder === undefined) unknown(holderName, at.slice(path.length));
    else checkBacklink(source, holder, typeName, at, report);
  }
  if (definition['nested'] === true) checkNested(targetsOf(backlink), types, [...path, 'nested'], report);
}

function checkBacklink(source: string, holder: Block, typeName: string, at: readonly string[], report: Report): void {
  const [holderName = '', ...rest] = source.split('.');
  const attributeName = rest.join('.');
  const attribute = findAttribute(holder, source);
  const targets = isBlock(attribute) ? targetsOf(attribute['reference']) : [];
  if (attribute === undefined) {
    const hint = didYouMean(attributeName, Object.keys(isBlock(holder['attributes']) ? holder['attributes'] : {}));
    report(fileProblems.badBacklink, at, `${holderName} has no attribute "${attributeName}"`, hint);
  } else if (!targets.includes(typeName)) {
    report(
      fileProblems.badBacklink,
      at,
      `"${source}" does not refer to ${typeName}`,
      `add ${typeName} to its "reference"`,
    );
  }
}

/** Groups in groups need groups that may hold one by its DN. */
function checkNested(
  sources: readonly string[],
  types: ReadonlyMap<string, Block>,
  at: readonly string[],
  report: Report,
): void {
  const holders = sources.map((source) => source.split('.')[0] ?? '');
  const leads = sources.some((source, index) => {
    const attribute = findAttribute(types.get(holders[index] ?? ''), source);
    if (!isBlock(attribute)) return true;
    return attribute['by'] === undefined && targetsOf(attribute['reference']).some((name) => holders.includes(name));
  });
  if (leads || sources.length === 0) return;
  const hint = `add ${holders[0] ?? ''} to the "reference" of ${sources[0] ?? ''}, or leave "nested" out`;
  report(
    fileProblems.badBacklink,
    at,
    `nothing of ${sources.join(', ')} can be nested, as none holds another by DN`,
    hint,
  );
}

function findAttribute(holder: Block | undefined, source: string): unknown {
  const name = source.slice(source.indexOf('.') + 1);
  const attributes = isBlock(holder?.['attributes']) ? holder['attributes'] : {};
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

function targetsOf(reference: unknown): readonly string[] {
  return [reference].flat().filter((name) => typeof name === 'string');
}

/** `userName` and `username`, `enterprise:manager` and the same with the URN. */
function checkSameName(names: readonly string[], path: readonly string[], report: Report): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const key = name
      .replace(/^enterprise:/i, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:')
      .replace(/^urn:ietf:params:scim:schemas:core:2\.0:\w+:/i, '')
      .replaceAll(/\s+/g, ' ')
      .toLowerCase();
    const first = seen.get(key);
    if (first === undefined) seen.set(key, name);
    else report(fileProblems.twice, [...path, name], `"${first}" is the same attribute`);
  }
}

function checkPrimary(
  attributes: readonly (readonly [string, unknown])[],
  path: readonly string[],
  report: Report,
): void {
  const seen = new Map<string, string>();
  for (const [name, definition] of attributes) {
    if (!isBlock(definition) || definition['primary'] !== true) continue;
    const attribute = name.replace(/[[.].*$/, '').toLowerCase();
    const first = seen.get(attribute);
    if (first === undefined) seen.set(attribute, name);
    else report(fileProblems.conflict, [...path, name, 'primary'], `${first} is primary already`);
  }
}
