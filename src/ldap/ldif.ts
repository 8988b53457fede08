// LDIF (RFC 2849): entries and changes as text, for seeds, schema files and people. Values that are named by URL are
// refused: a file may not make this process read another.
import { LdapSyntaxError } from './errors.ts';
import type { Modification } from './operations.ts';
import type { SchemaDefinitions } from './subschema/parse-subschema.ts';
import { findText } from './syntaxes/utf8.ts';
import { type LdapAttribute, type LdapValue, toBytes } from './value.ts';

/** One record of an LDIF file; `line` is where it starts, from 1. */
export type LdifRecord =
  | LdifEntry
  | {
      readonly kind: 'modify';
      readonly dn: string;
      readonly line: number;
      readonly modifications: readonly Modification[];
    }
  | { readonly kind: 'delete'; readonly dn: string; readonly line: number }
  | {
      readonly kind: 'modifyDn';
      readonly dn: string;
      readonly line: number;
      readonly newRdn: string;
      readonly deleteOldRdn: boolean;
      readonly newSuperior?: string;
    };

/** A content record, or a change record of type `add`. */
export interface LdifEntry {
  readonly kind: 'entry' | 'add';
  readonly dn: string;
  readonly line: number;
  readonly attributes: readonly LdapAttribute[];
}

/** Text that is not LDIF, or not what was asked for. `line` counts from 1. */
export class LdifError extends LdapSyntaxError {
  readonly line: number;

  constructor(message: string, line: number) {
    super(`LDIF line ${line}: ${message}`);
    this.line = line;
  }
}

interface LogicalLine {
  readonly line: number;
  /** Empty for the `-` that ends a modification. */
  readonly name: string;
  readonly value: LdapValue;
}

/** Reads content and change records (RFC 2849); both may stand in one file. Throws `LdifError`. */
export function parseLdif(text: string): LdifRecord[] {
  return splitRecords(text).map(parseRecord);
}

function parseRecord(lines: readonly LogicalLine[]): LdifRecord {
  const [first, ...rest] = lines;
  if (first === undefined || first.name.toLowerCase() !== 'dn') throw new LdifError('"dn:" expected', first?.line ?? 1);
  const { line } = first;
  const dn = textOf(first);
  const control = rest.find(({ name }) => name.toLowerCase() === 'control');
  if (control !== undefined) throw new LdifError('controls are not supported', control.line);
  const [change, ...body] = rest;
  if (change?.name.toLowerCase() !== 'changetype')
    return { kind: 'entry', dn, line, attributes: parseAttributes(rest) };
  const kind = textOf(change).toLowerCase();
  switch (kind) {
    case 'add':
      return { kind, dn, line, attributes: parseAttributes(body) };
    case 'delete':
      if (body[0] !== undefined) throw new LdifError('nothing may follow "changetype: delete"', body[0].line);
      return { kind, dn, line };
    case 'modify':
      return { kind, dn, line, modifications: parseModifications(body) };
    case 'modrdn':
    case 'moddn':
      return { kind: 'modifyDn', dn, line, ...parseNewName(body, change.line) };
  }
  throw new LdifError(`unknown changetype "${kind}"`, change.line);
}

function parseAttributes(lines: readonly LogicalLine[]): LdapAttribute[] {
  const attributes = new Map<string, { type: string; values: LdapValue[] }>();
  for (const { name, value, line } of lines) {
    if (name === '') throw new LdifError('"-" outside a modification', line);
    const known = attributes.get(name.toLowerCase());
    if (known === undefined) attributes.set(name.toLowerCase(), { type: name, values: [value] });
    else known.values.push(value);
  }
  return [...attributes.values()];
}

function parseModifications(lines: readonly LogicalLine[]): Modification[] {
  const modifications: Modification[] = [];
  let at = 0;
  for (let head = lines[at]; head !== undefined; head = lines[at]) {
    const operation = head.name.toLowerCase();
    if (operation !== 'add' && operation !== 'delete' && operation !== 'replace' && operation !== 'increment')
      throw new LdifError('"add:", "delete:", "replace:" or "increment:" expected', head.line);
    const attribute = textOf(head);
    const values: LdapValue[] = [];
    at++;
    for (let line = lines[at]; line !== undefined && line.name !== ''; line = lines[at]) {
      if (line.name.toLowerCase() !== attribute.toLowerCase())
        throw new LdifError(`"${attribute}:" or "-" expected`, line.line);
      values.push(line.value);
      at++;
    }
    // The last "-" is often left out, and OpenLDAP's tools take that.
    at++;
    modifications.push({ operation, attribute, values });
  }
  return modifications;
}

function parseNewName(
  lines: readonly LogicalLine[],
  changeLine: number,
): { newRdn: string; deleteOldRdn: boolean; newSuperior?: string } {
  const [newRdn, deleteOldRdn, newSuperior, more] = lines;
  if (newRdn?.name.toLowerCase() !== 'newrdn') throw new LdifError('"newrdn:" expected', newRdn?.line ?? changeLine);
  if (deleteOldRdn?.name.toLowerCase() !== 'deleteoldrdn' || !/^[01]$/.test(textOf(deleteOldRdn)))
    throw new LdifError('"deleteoldrdn: 0" or "1" expected', deleteOldRdn?.line ?? newRdn.line);
  const wrong = newSuperior?.name.toLowerCase() === 'newsuperior' ? more : newSuperior;
  if (wrong !== undefined) throw new LdifError(`unexpected "${wrong.name}"`, wrong.line);
  return {
    newRdn: textOf(newRdn),
    deleteOldRdn: textOf(deleteOldRdn) === '1',
    ...(newSuperior === undefined ? {} : { newSuperior: textOf(newSuperior) }),
  };
}

function textOf({ name, value, line }: LogicalLine): string {
  if (typeof value !== 'string') throw new LdifError(`"${name}" is not UTF-8`, line);
  return value;
}

/** Records as unfolded, decoded lines; comments and the version are gone. */
function splitRecords(text: string): LogicalLine[][] {
  const records: LogicalLine[][] = [];
  let record: LogicalLine[] = [];
  let pending: { line: number; text: string } | undefined;
  const endLine = (): void => {
    if (pending !== undefined && !pending.text.startsWith('#')) {
      const line = parseLine(pending.text, pending.line);
      const isVersion = records.length === 0 && record.length === 0 && line.name.toLowerCase() === 'version';
      if (!isVersion) record.push(line);
      else if (line.value !== '1') throw new LdifError('only version 1 is known', line.line);
    }
    pending = undefined;
  };
  const endRecord = (): void => {
    endLine();
    if (record.length > 0) records.push(record);
    record = [];
  };
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      if (line === '') return endRecord();
      if (line.startsWith(' ')) {
        if (pending === undefined) throw new LdifError('continuation of nothing', index + 1);
        pending.text += line.slice(1);
        return;
      }
      endLine();
      pending = { line: index + 1, text: line };
    });
  endRecord();
  return records;
}

function parseLine(text: string, line: number): LogicalLine {
  if (text === '-') return { line, name: '', value: '' };
  const match = /^([A-Za-z0-9][\w.;-]*):([:<]?) *(.*)$/s.exec(text);
  if (match === null) throw new LdifError('"name: value" expected', line);
  const [, name = '', kind, value = ''] = match;
  if (kind === '<') throw new LdifError('values from URLs are not supported', line);
  return { line, name, value: kind === ':' ? decodeBase64(value, line) : value };
}

function decodeBase64(value: string, line: number): LdapValue {
  const compact = value.trim();
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw new LdifError('invalid base64', line);
  const octets = Buffer.from(compact, 'base64');
  return findText(octets) ?? octets;
}

/**
 * The definitions in a schema file, as OpenLDAP keeps them below `cn=schema,cn=config` (`olcAttributeTypes`, with `{n}` for
 * their order and names for the roots of OIDs) or as a subschema entry has them. Throws `LdifError`.
 */
export function parseSchemaLdif(text: string): SchemaDefinitions {
  const attributes = parseLdif(text).flatMap((record) =>
    record.kind === 'entry' || record.kind === 'add' ? record.attributes : [],
  );
  const valuesOf = (name: string): string[] =>
    attributes
      .filter(({ type }) => [name, `olc${name}`].includes(type.toLowerCase()))
      .flatMap(({ values }) => values.map((value) => String(value).replace(/^\{\d+\}\s*/, '')));
  const roots = new Map<string, string>();
  for (const definition of valuesOf('objectidentifier')) {
    const [name = '', oid = ''] = definition.trim().split(/\s+/);
    roots.set(name, expandOid(oid, roots));
  }
  const expand = (definition: string): string =>
    definition.replace(
      /(^\(\s*|\sSYNTAX\s+)([^\s{]+)/g,
      (_, before: string, oid: string) => before + expandOid(oid, roots),
    );
  return {
    attributeTypes: valuesOf('attributetypes').map(expand),
    objectClasses: valuesOf('objectclasses').map(expand),
  };
}

/** `name:1.2` with the OID behind the name in front. */
function expandOid(oid: string, roots: ReadonlyMap<string, string>): string {
  const [name = '', suffix] = oid.split(':');
  const root = roots.get(name);
  return root === undefined ? oid : suffix === undefined ? root : `${root}.${suffix}`;
}

/** A content record with a line per value, folded at 76 characters, ending in an empty line. */
export function printLdifEntry(dn: string, attributes: readonly LdapAttribute[]): string {
  const lines = [printLine('dn', dn)];
  for (const { type, values } of attributes) for (const value of values) lines.push(printLine(type, value));
  return `${lines.join('\n')}\n\n`;
}

/** RFC 2849 SAFE-STRING without a trailing space; anything else goes as base64. */
const SAFE = /^(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*$/;

function printLine(name: string, value: LdapValue): string {
  const text = typeof value === 'string' ? value : findText(value);
  const safe = text !== undefined && SAFE.test(text) && !text.endsWith(' ');
  if (!safe) return fold(`${name}:: ${toBytes(value).toString('base64')}`);
  return fold(text === '' ? `${name}:` : `${name}: ${text}`);
}

function fold(line: string): string {
  const parts = [line.slice(0, 76)];
  for (let at = 76; at < line.length; at += 75) parts.push(line.slice(at, at + 75));
  return parts.join('\n ');
}
