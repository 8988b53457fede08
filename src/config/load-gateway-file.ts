// Gateway file -> configuration. Reads the file, its secrets and its PEM files; reports everything that is wrong at
// once, with line and column. Opens no connection, and never puts a secret into a problem.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { defaultLimits } from '../gateway/gateway.ts';
import { resolveMappingPath } from '../mapping/file/read-layers.ts';
import type { Problem } from '../util/problem.ts';
import { checkFileSchema, compileFileSchema, type DocumentCodes, parseYamlDocument } from '../util/yaml-document.ts';
import { createFileReader, type Environment, type FileReader, reasonOf } from './file-reader.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { GatewayFile } from './gateway-file.ts';
import { gatewayProblems } from './problem-codes.ts';
import { toCredentials } from './to-credentials.ts';
import { toDirectorySettings } from './to-directory-settings.ts';

export interface LoadedGatewayFile {
  /** Absent where a problem is an error. */
  readonly config: GatewayConfig | undefined;
  readonly problems: readonly Problem[];
}

const codes: DocumentCodes = {
  syntax: gatewayProblems.syntax.code,
  unknownKey: gatewayProblems.unknownKey.code,
  missingKey: gatewayProblems.missingKey.code,
  wrongType: gatewayProblems.wrongType.code,
  wrongValue: gatewayProblems.wrongValue.code,
};

const defaultBasePath = '/scim/v2';

/** Never throws for what is in the file; secrets come from `env` and from the files it names. */
export function loadGatewayFile(file: string, env: Environment = process.env): LoadedGatewayFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const message = `the gateway file cannot be read: ${reasonOf(error)}`;
    const { code } = gatewayProblems.unreadable;
    return { config: undefined, problems: [{ code, severity: 'error', file, path: '', message }] };
  }
  const document = parseYamlDocument(text, file, codes.syntax);
  const problems = [...document.problems];
  if (!hasErrors(problems)) problems.push(...checkFileSchema(schema(), document.value, document.locate, codes));
  if (hasErrors(problems)) return { config: undefined, problems };
  const reader = createFileReader(document, env);
  const config = toConfig(document.value as GatewayFile, reader);
  problems.push(...reader.problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)));
  return { config: hasErrors(problems) ? undefined : config, problems };
}

const schemaUrl = new URL('../../mappings/gateway.schema.json', import.meta.url);
let compiled: ReturnType<typeof compileFileSchema> | undefined;

function schema(): ReturnType<typeof compileFileSchema> {
  compiled ??= compileFileSchema(JSON.parse(readFileSync(schemaUrl, 'utf8')) as object);
  return compiled;
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

function toConfig(file: GatewayFile, reader: FileReader): GatewayConfig | undefined {
  const publicUrl = file.publicUrl?.replace(/\/+$/, '');
  const basePath = file.listen?.path ?? (publicUrl === undefined ? defaultBasePath : pathOf(publicUrl));
  checkNetworks(file.trustedProxies ?? [], reader);
  const directory = toDirectorySettings(file.directory, reader);
  const credentials = toCredentials(file.credentials, reader);
  const limits = { ...defaultLimits, bodyBytes: 8_388_608, requestSeconds: 30, ...file.limits };
  const { defaultCount, maxCount } = limits;
  if (defaultCount > maxCount) {
    reader.report(
      'wrongValue',
      'error',
      ['limits', 'defaultCount'],
      `must not be above maxCount, which is ${maxCount}`,
    );
  }
  const mappingFile = resolveMappingPath(file.mapping.file, reader.folder);
  reader.readText(['mapping', 'file'], file.mapping.file, mappingFile);
  return {
    listen: { host: file.listen?.host ?? '127.0.0.1', port: file.listen?.port ?? 8080, basePath },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    trustedProxies: file.trustedProxies ?? [],
    directory,
    mapping: { file: mappingFile, variables: file.mapping.variables ?? {} },
    credentials,
    publicDiscovery: file.discovery?.public ?? 'serviceProviderConfig',
    limits,
    log: { level: file.log?.level ?? 'info' },
  };
}

function pathOf(url: string): string {
  return URL.parse(url)?.pathname.replace(/\/+$/, '') ?? '';
}

function checkNetworks(networks: readonly string[], reader: FileReader): void {
  for (const [index, network] of networks.entries()) {
    const [address = '', bits = '0', ...rest] = network.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    if (rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most) continue;
    reader.report(
      'wrongValue',
      'error',
      ['trustedProxies', String(index)],
      'must be an address or a network',
      '10.0.0.0/8',
    );
  }
}
