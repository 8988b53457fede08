// The two files that `init` writes, and what it tells: text made of what was recognised. Pure.
import type { Override, Recognised } from './recognised.ts';

export interface DraftSettings {
  readonly url: string;
  readonly bindDn?: string;
  /** Where the password comes from, as the gateway file says it. */
  readonly password?: { readonly passwordFile: string } | { readonly passwordEnv: string };
  readonly caFile?: string;
  readonly startTls: boolean;
  readonly allowPlaintext: boolean;
  /** sha256:... */
  readonly tokenHash: string;
  /** JSON Schemas for editors, relative to the files. */
  readonly schemas: { readonly gateway: string; readonly mapping: string };
}

/** Keys that the directory cannot hold, with why, by resource type. */
export type Dropped = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function draftGatewayFile(settings: DraftSettings): string {
  const { url, bindDn, password, caFile, startTls, allowPlaintext, tokenHash, schemas } = settings;
  const source =
    password === undefined
      ? ''
      : `, ${Object.entries(password)
          .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
          .join('')}`;
  const tls = [
    ...(startTls ? ['startTls: true'] : []),
    ...(caFile === undefined ? [] : [`caFile: ${JSON.stringify(caFile)}`]),
  ];
  return [
    `# yaml-language-server: $schema=${schemas.gateway}`,
    '#',
    '# Made by scim-ldap init. docs/configuration.md explains every key.',
    'directory:',
    `  urls: [${JSON.stringify(url)}]`,
    ...(bindDn === undefined
      ? ['  # bind: { dn: ..., passwordEnv: LDAP_PASSWORD } for an account that may write']
      : [`  bind: { dn: ${JSON.stringify(bindDn)}${source} }`]),
    ...(tls.length === 0 ? [] : [`  tls: { ${tls.join(', ')} }`]),
    ...(allowPlaintext ? ['  allowPlaintext: true # passwords cross the network unencrypted'] : []),
    '',
    'mapping:',
    '  file: mapping.yaml',
    '',
    '# One for each client. The gateway knows the hash alone; the token was shown once. Another one: scim-ldap token',
    'credentials:',
    '  - name: first-client',
    `    bearer: { tokenHash: "${tokenHash}" }`,
    '',
  ].join('\n');
}

export function draftMapping(recognised: Recognised, dropped: Dropped, schema: string): string {
  const { extends: bases, variables, types } = recognised;
  const blocks = types.flatMap((type) => {
    const gone = dropped.get(type.name) ?? new Map<string, string>();
    const attributes = [
      ...[...type.attributes].filter(([key]) => !gone.has(key)),
      ...[...gone].map(([key, why]) => [key, { yaml: 'null', why }] as const),
    ];
    if (type.entry.size === 0 && attributes.length === 0) return [];
    return [
      `  ${type.name}:`,
      ...(type.entry.size === 0 ? [] : ['    entry:', ...[...type.entry].flatMap(printOverride)]),
      ...(attributes.length === 0 ? [] : ['    attributes:', ...attributes.flatMap(printOverride)]),
    ];
  });
  return [
    `# yaml-language-server: $schema=${schema}`,
    '#',
    '# Made by scim-ldap init: what this directory has otherwise than the mapping that it extends. docs/mapping.md explains',
    '# every key; scim-ldap check --live tells what does not fit, scim-ldap explain what a request becomes.',
    `name: People and groups of ${variables.get('suffix') ?? 'the directory'}`,
    `extends: ${bases.length === 1 ? (bases[0] ?? '') : `[${bases.join(', ')}]`}`,
    '',
    'variables:',
    ...[...variables].map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ...(blocks.length === 0 ? [] : ['', 'resourceTypes:', ...blocks]),
    '',
  ].join('\n');
}

function printOverride([key, { yaml, why }]: readonly [string, Override]): readonly string[] {
  return [`      # ${why}`, `      ${key}: ${yaml}`];
}

/** LDIF of the entries that numbers are drawn from; undefined where none is needed. */
export function draftCounters({ counters }: Recognised): string | undefined {
  if (counters.length === 0) return undefined;
  const entries = counters.map(({ dn, name, attribute, next }) =>
    [
      `dn: ${dn}`,
      'objectClass: device',
      'objectClass: extensibleObject',
      `cn: ${name}`,
      `${attribute}: ${next}`,
      '',
    ].join('\n'),
  );
  return ['# The next free numbers. The account of the gateway must be allowed to write them.', ...entries].join('\n');
}

export interface Report {
  readonly written: readonly string[];
  readonly dropped: Dropped;
  /** Problems that stay, printed. */
  readonly open: readonly string[];
  /** What has to be done by hand before the gateway can be used, in this order. */
  readonly todo: readonly string[];
}

export function printReport({ facts, doubts }: Recognised, { written, dropped, open, todo }: Report): string {
  const gone = [...dropped].flatMap(([type, keys]) => [...keys].map(([key, why]) => `${type} ${key}: ${why}`));
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
  return [
    'What was seen:',
    ...facts.map((line) => `  - ${line}`),
    ...section('Left out, as this directory cannot hold it:', gone),
    ...section('Not sure, please look:', doubts),
    ...section('Wrong, and to be mended by hand:', open),
    ...section('Written:', written),
    ...section('To do:', todo),
  ].join('\n');
}
