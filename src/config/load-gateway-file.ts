// Gateway file -> configuration. Reads the file, its secrets and its PEM files; reports everything that is wrong at
// once, with line and column. Opens no connection, and never puts a secret into a problem.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hashToken, parseTokenHash } from '../auth/bearer.ts';
import { clientProfiles, interop } from '../scim/profile.ts';
import { didYouMean } from '../util/did-you-mean.ts';
import type { Problem } from '../util/problem.ts';
import { checkFileSchema, compileFileSchema, type DocumentCodes, parseYamlDocument } from '../util/yaml-document.ts';
import { createFileReader, type Environment, type FileReader, reasonOf } from './file-reader.ts';
import type { BearerSettings, DirectorySettings, GatewayConfig } from './gateway-config.ts';
import type { CredentialBlock, DirectoryBlock, GatewayFile } from './gateway-file.ts';
import { Secret } from './secret.ts';

export interface LoadedGatewayFile {
  /** Absent where a problem is an error. */
  readonly config: GatewayConfig | undefined;
  readonly problems: readonly Problem[];
}

const codes: DocumentCodes = {
  syntax: 'CFG002',
  unknownKey: 'CFG003',
  missingKey: 'CFG004',
  wrongType: 'CFG005',
  wrongValue: 'CFG006',
};

const defaultBasePath = '/scim/v2';

export function loadGatewayFile(file: string, env: Environment = process.env): LoadedGatewayFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const message = `the gateway file cannot be read: ${reasonOf(error)}`;
    return { config: undefined, problems: [{ code: 'CFG001', severity: 'error', file, path: '', message }] };
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
  const directory = toDirectory(file.directory, reader);
  const credentials = toCredentials(file.credentials, reader);
  const { defaultCount = 100, maxCount = 1000 } = file.limits ?? {};
  if (defaultCount > maxCount) {
    reader.report('CFG006', 'error', ['limits', 'defaultCount'], `must not be above maxCount, which is ${maxCount}`);
  }
  const mappingFile = reader.resolve(file.mapping.file);
  reader.readText(['mapping', 'file'], file.mapping.file);
  return {
    listen: { host: file.listen?.host ?? '127.0.0.1', port: file.listen?.port ?? 8080, basePath },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    trustedProxies: file.trustedProxies ?? [],
    directory,
    mapping: { file: mappingFile, variables: file.mapping.variables ?? {} },
    credentials,
    publicDiscovery: file.discovery?.public ?? 'serviceProviderConfig',
    limits: {
      defaultCount,
      maxCount,
      maxScan: file.limits?.maxScan ?? 10_000,
      bodyBytes: file.limits?.bodyBytes ?? 8_388_608,
      requestSeconds: file.limits?.requestSeconds ?? 30,
    },
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
      'CFG006',
      'error',
      ['trustedProxies', String(index)],
      'must be an address or a network',
      '10.0.0.0/8',
    );
  }
}

function toDirectory(block: DirectoryBlock, reader: FileReader): DirectorySettings {
  const { bind, tls = {} } = block;
  const { dn, ...passwords } = bind ?? {};
  const secret = bind && reader.readSecret(['directory', 'bind'], passwords, passwordKeys);
  if (bind?.password !== undefined) {
    const message = 'a password stands in the file';
    reader.report('CFG008', 'warning', ['directory', 'bind', 'password'], message, 'use passwordFile or passwordEnv');
  }
  checkTransport(block, reader);
  const pem = (key: 'caFile' | 'certFile' | 'keyFile'): string | undefined => {
    const name = tls[key];
    return name === undefined ? undefined : reader.readText(['directory', 'tls', key], name);
  };
  const [ca, cert, key] = [pem('caFile'), pem('certFile'), pem('keyFile')];
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    reader.report('CFG009', 'error', ['directory', 'tls'], 'certFile and keyFile go together');
  }
  return {
    urls: block.urls,
    ...(block.dialect === undefined ? {} : { dialect: block.dialect }),
    ...(dn === undefined || secret === undefined ? {} : { bind: { dn, password: new Secret(secret.value) } }),
    tls: {
      startTls: tls.startTls ?? false,
      verify: tls.verify ?? true,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key: new Secret(key) }),
      ...(tls.servername === undefined ? {} : { servername: tls.servername }),
    },
    connectSeconds: block.timeouts?.connectSeconds ?? 5,
    operationSeconds: block.timeouts?.operationSeconds ?? 20,
    poolSize: block.pool?.size ?? 4,
  };
}

const passwordKeys = { password: 'literal', passwordFile: 'file', passwordEnv: 'environment' } as const;

function checkTransport(block: DirectoryBlock, reader: FileReader): void {
  const startTls = block.tls?.startTls === true;
  for (const [index, url] of block.urls.entries()) {
    const at = ['directory', 'urls', String(index)];
    const { protocol, hostname, port } = URL.parse(url) ?? { protocol: '', hostname: '', port: '' };
    if (hostname === '' || port === '0') {
      reader.report('CFG006', 'error', at, 'has no usable host or port');
    } else if (protocol === 'ldaps:' && startTls) {
      reader.report('CFG009', 'error', at, 'ldaps:// and startTls exclude one another', 'use ldap:// with startTls');
    } else if (protocol === 'ldap:' && !startTls && block.bind !== undefined && !isLoopback(hostname)) {
      const message = 'the password crosses the network in the clear';
      reader.report('CFG014', 'warning', at, message, 'use ldaps:// or tls.startTls');
    }
  }
  if (block.tls?.verify === false) {
    const message = 'anyone on the way can pose as the directory';
    reader.report('CFG014', 'warning', ['directory', 'tls', 'verify'], message, 'set caFile instead');
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

function toCredentials(blocks: readonly CredentialBlock[], reader: FileReader): readonly BearerSettings[] {
  const names = new Set<string>();
  const hashes = new Map<string, string>();
  return blocks.flatMap((block, index) => {
    const at = ['credentials', String(index)];
    if (names.has(block.name)) reader.report('CFG012', 'error', [...at, 'name'], `${block.name} is there twice`);
    names.add(block.name);
    const profile = block.profile === undefined ? interop : clientProfiles.get(block.profile);
    if (profile === undefined) {
      const known = [...clientProfiles.keys()];
      const hint = didYouMean(block.profile ?? '', known) ?? `profiles: ${known.join(', ')}`;
      reader.report('CFG013', 'error', [...at, 'profile'], 'there is no such client profile', hint);
    }
    const tokenHash = readTokenHash(at, block, reader);
    if (profile === undefined || tokenHash === undefined) return [];
    const other = hashes.get(tokenHash.toString('hex'));
    if (other !== undefined) reader.report('CFG012', 'error', at, `has the same token as ${other}`);
    hashes.set(tokenHash.toString('hex'), block.name);
    return [{ name: block.name, tokenHash, profile }];
  });
}

/** Below this a token could be guessed, and its unsalted hash be searched for. */
const minTokenLength = 20;

const tokenKeys = {
  tokenHash: 'literal',
  tokenHashFile: 'file',
  tokenFile: 'file',
  tokenEnv: 'environment',
} as const;

function readTokenHash(at: readonly string[], block: CredentialBlock, reader: FileReader): Buffer | undefined {
  const secret = reader.readSecret([...at, 'bearer'], block.bearer, tokenKeys);
  if (secret === undefined) return undefined;
  const place = [...at, 'bearer', secret.key];
  if (secret.key === 'tokenHash' || secret.key === 'tokenHashFile') {
    const hash = parseTokenHash(secret.value);
    if (hash === undefined) reader.report('CFG006', 'error', place, 'is not sha256: and 64 hexadecimal digits');
    return hash;
  }
  if (secret.value.length < minTokenLength) {
    reader.report('CFG015', 'error', place, `the token is shorter than ${minTokenLength} characters`);
  }
  return hashToken(secret.value);
}
