// Drafts a gateway file and a mapping from a live directory. Asks at a terminal, with defaults; takes flags elsewhere.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashToken, makeToken, printTokenHash } from '../../auth/bearer.ts';
import type { DirectorySettings } from '../../config/gateway-config.ts';
import { Secret } from '../../config/secret.ts';
import { type DraftSettings, draftCounters, draftGatewayFile, printReport } from '../../init/draft.ts';
import { fitMapping } from '../../init/fit-mapping.ts';
import { recognise } from '../../init/recognise.ts';
import type { Choices, Recognised } from '../../init/recognised.ts';
import { type Survey, surveyDirectory } from '../../init/survey.ts';
import { sendsPlaintext } from '../../ldap/client/directory-config.ts';
import { LdapConnectionError, LdapError } from '../../ldap/errors.ts';
import { openDirectory, readDirectory } from '../../tenant/open-mapping.ts';
import { StartError } from '../../tenant/start-error.ts';
import { printProblem } from '../../util/problem.ts';
import { type Call, type Command, type Output, UsageError } from '../command.ts';

export const init: Command = {
  name: 'init',
  summary: 'draft a gateway file and a mapping from a live directory',
  words: [{ name: 'URL', summary: 'of the directory, ldaps://ldap.example.com or ldap://...' }],
  options: [
    { name: 'bind-dn', value: 'DN', summary: 'the account of the gateway' },
    { name: 'password-file', value: 'FILE', summary: 'a file that holds its password' },
    { name: 'ca-file', value: 'FILE', summary: 'PEM of who signed the certificate of the directory' },
    { name: 'start-tls', summary: 'encrypt an ldap:// connection' },
    { name: 'allow-plaintext', summary: 'let the password cross the network unencrypted' },
    { name: 'base', value: 'DN', summary: 'look below it alone (default everywhere)' },
    { name: 'people-base', value: 'DN', summary: 'where people are (default where most are)' },
    { name: 'groups-base', value: 'DN', summary: 'where groups are (default where most are)' },
    { name: 'user-name', value: 'NAME', summary: 'the attribute that is the userName' },
    { name: 'id', value: 'NAME', summary: 'the attribute that is the id of people; it must never change' },
    { name: 'group-id', value: 'NAME', summary: 'the same for groups' },
    { name: 'out', value: 'DIR', summary: 'the folder to write to (default here)' },
    { name: 'yes', summary: 'ask nothing, take what is found' },
    { name: 'force', summary: 'write over files that are there' },
  ],
  notes:
    'Nothing is written to the directory. Exit codes: 0 done, 1 something is left to be mended by hand, 2 called the wrong way.',
  async run(call, output) {
    const [url] = call.words;
    if (url === undefined || !/^ldaps?:\/\/./.test(url)) {
      throw new UsageError(
        `init needs the URL of a directory, such as ldaps://ldap.example.com${url === undefined ? '' : `, not "${url}"`}`,
      );
    }
    const folder = call.values.get('out') ?? '.';
    refuseToOverwrite(folder, call);
    const ask = call.switches.has('yes') ? undefined : output.ask;
    const access = await readAccess(call, url, ask);
    const tenant = { name: '', directory: access.settings };
    const directory = openDirectory(tenant, () => {});
    try {
      output.say('asking the directory for its schema ...');
      const known = await readDirectory(tenant, directory);
      const rootDse = await directory.rootDse();
      const base = call.values.get('base');
      const { bindDn } = access;
      const survey = await surveyDirectory(
        directory,
        { ...known, rootDse },
        {
          ...(base === undefined ? {} : { base }),
          ...(bindDn === undefined ? {} : { bindDn }),
          progress: (text) => output.say(`${text} ...`),
        },
      );
      const recognised = await decide(survey, call, ask);
      return await write(folder, recognised, survey, access, url, output);
    } catch (error) {
      if (error instanceof LdapError || error instanceof LdapConnectionError)
        throw new StartError(`The directory could not be read: ${error.message}`, { cause: error });
      throw error;
    } finally {
      await directory.close();
    }
  },
};

const names = ['gateway.yaml', 'mapping.yaml', 'counters.ldif'];

function refuseToOverwrite(folder: string, call: Call): void {
  if (call.switches.has('force')) return;
  const there = names.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
  if (there.length > 0)
    throw new StartError(
      `${there.join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already. Say --force to write over, or --out and another folder.`,
    );
}

interface Access {
  readonly bindDn?: string;
  readonly passwordFile?: string;
  readonly caFile?: string;
  readonly settings: DirectorySettings;
}

async function readAccess(call: Call, url: string, ask: Output['ask']): Promise<Access> {
  const bindDn = call.values.get('bind-dn') ?? (await ask?.('Account of the gateway (DN; empty for anonymous)', ''));
  const passwordFile = call.values.get('password-file');
  const dn = bindDn === '' ? undefined : bindDn;
  if (dn === undefined && passwordFile !== undefined) throw new UsageError('--password-file needs --bind-dn');
  const password =
    dn === undefined
      ? undefined
      : passwordFile === undefined
        ? await ask?.('Its password', undefined)
        : readText(passwordFile).replace(/\r?\n$/, '');
  if (dn !== undefined && (password === undefined || password === ''))
    throw new UsageError('--bind-dn needs --password-file, where nobody can be asked');
  const caFile = call.values.get('ca-file');
  return {
    ...(dn === undefined ? {} : { bindDn: dn }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(caFile === undefined ? {} : { caFile }),
    settings: {
      urls: [url],
      ...(dn === undefined || password === undefined ? {} : { bind: { dn, password: new Secret(password) } }),
      allowPlaintext: call.switches.has('allow-plaintext'),
      tls: {
        startTls: call.switches.has('start-tls'),
        verify: true,
        ...(caFile === undefined ? {} : { ca: readText(caFile) }),
      },
      timeouts: { connectSeconds: 5, operationSeconds: 60 },
      pool: { size: 2, pagedSize: 4, maxInFlight: 32, idleSeconds: 240 },
    },
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What was found, and what flags or a person say instead. */
async function decide(survey: Survey, call: Call, ask: Output['ask']): Promise<Recognised> {
  const said: Choices = {
    ...choice('people', call.values.get('people-base')),
    ...choice('groups', call.values.get('groups-base')),
    ...choice('userName', call.values.get('user-name')),
    ...choice('id', call.values.get('id')),
    ...choice('groupId', call.values.get('group-id')),
  };
  const found = recognise(survey, said);
  if (ask === undefined) return found;
  const people = await ask('Where people are', found.variables.get('people') ?? '');
  const groups = await ask('Where groups are', found.variables.get('groups') ?? '');
  return recognise(survey, { ...said, people, groups });
}

function choice(key: keyof Choices, value: string | undefined): Choices {
  return value === undefined ? {} : { [key]: value };
}

async function write(
  folder: string,
  recognised: Recognised,
  survey: Survey,
  { settings, bindDn, passwordFile, caFile }: Access,
  url: string,
  output: Output,
): Promise<number> {
  const file = (name: string): string => path.join(folder, name);
  const schema = (name: string): string =>
    path.relative(path.resolve(folder), fileURLToPath(new URL(`../../../mappings/${name}`, import.meta.url)));
  const relative = (name: string): string => path.relative(path.resolve(folder), path.resolve(name));
  const place = {
    file: file('mapping.yaml'),
    schema: schema('mapping.schema.json'),
    plaintext: sendsPlaintext(settings),
  };
  const fitted = await fitMapping(recognised, survey, place);
  const token = makeToken();
  const draft: DraftSettings = {
    url,
    ...(bindDn === undefined ? {} : { bindDn }),
    ...(bindDn === undefined
      ? {}
      : {
          password:
            passwordFile === undefined ? { passwordEnv: 'LDAP_PASSWORD' } : { passwordFile: relative(passwordFile) },
        }),
    ...(caFile === undefined ? {} : { caFile: relative(caFile) }),
    startTls: settings.tls.startTls,
    allowPlaintext: settings.allowPlaintext,
    tokenHash: printTokenHash(hashToken(token)),
    schemas: { gateway: schema('gateway.schema.json'), mapping: place.schema },
  };
  const counters = draftCounters(recognised);
  const files = new Map([
    ['gateway.yaml', draftGatewayFile(draft)],
    ['mapping.yaml', fitted.text],
    ...(counters === undefined ? [] : [['counters.ldif', counters] as const]),
  ]);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(file(name), text);
  const todo = [
    ...(counters === undefined ? [] : [`load the counters: ldapadd -H ${url} -D ... -W -f ${file('counters.ldif')}`]),
    ...(bindDn !== undefined && passwordFile === undefined ? ['set LDAP_PASSWORD for the gateway'] : []),
    `scim-ldap check --live --config ${file('gateway.yaml')}`,
    `scim-ldap serve --config ${file('gateway.yaml')}`,
  ];
  const { dropped } = fitted;
  output.say(
    printReport(recognised, {
      written: [...files.keys()].map(file),
      dropped,
      open: fitted.open.map(printProblem),
      todo,
    }),
  );
  output.say('');
  output.say('The token of the first client. It is shown only now:');
  output.print(token);
  return fitted.open.length === 0 ? 0 : 1;
}
