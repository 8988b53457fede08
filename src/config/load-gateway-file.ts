// Gateway file -> configuration. Reads the file, its secrets and its PEM files; reports everything that is wrong at
// once, with line and column. Opens no connection, and never puts a secret into a problem.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { CredentialMethod } from '../auth/credential.ts';
import type { Problem } from '../util/problem.ts';
import { checkFileSchema, compileFileSchema, type DocumentCodes, parseYamlDocument } from '../util/yaml-document.ts';
import { createFileReader, type Environment, type FileReader, reasonOf } from './file-reader.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { GatewayFile } from './gateway-file.ts';
import { gatewayProblems } from './problem-codes.ts';
import { toListen } from './to-listen.ts';
import { toTenants } from './to-tenants.ts';

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
  // What tenants have in common is read for each of them, and told once.
  const found = new Map(reader.problems.map((problem) => [JSON.stringify(problem), problem]));
  problems.push(...[...found.values()].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)));
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
  checkNetworks(file.trustedProxies ?? [], reader);
  const listen = toListen(file, reader);
  const admin = file.admin && { host: file.admin.host ?? '127.0.0.1', port: file.admin.port ?? 8081 };
  if (admin !== undefined && admin.port === listen.port && admin.port !== 0) {
    reader.report('conflict', 'error', ['admin'], `port ${admin.port} is the one of listen`);
  }
  const tenants = toTenants(file, reader);
  checkCertificates(listen, tenants, reader);
  return {
    listen,
    workers: file.workers === 'auto' ? availableParallelism() : (file.workers ?? 1),
    ...(admin === undefined ? {} : { admin }),
    ...(file.audit === undefined ? {} : { audit: { file: auditFile(file.audit.file, reader) } }),
    trustedProxies: file.trustedProxies ?? [],
    tenants,
    log: { level: file.log?.level ?? 'info' },
  };
}

/** A credential by which nobody could ever come in is a mistake. */
function checkCertificates(
  { tls, clientCertificateHeader }: GatewayConfig['listen'],
  tenants: GatewayConfig['tenants'],
  reader: FileReader,
): void {
  if (tls?.clientCa !== undefined || clientCertificateHeader !== undefined) return;
  const name = tenants.flatMap(({ credentials }) => credentials).find(({ method }) => needsCertificate(method))?.name;
  if (name === undefined) return;
  const message = `${name} needs client certificates, and none can come`;
  reader.report(
    'conflict',
    'error',
    ['listen'],
    message,
    'set listen.tls.clientCaFile or listen.clientCertificateHeader',
  );
}

function needsCertificate(method: CredentialMethod): boolean {
  return method.kind === 'certificate' || ('proof' in method && method.proof === 'certificate');
}

function auditFile(name: string, { folder }: FileReader): string {
  return name === '-' ? name : path.resolve(folder, name);
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
