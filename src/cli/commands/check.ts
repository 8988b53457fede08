// Holds gateway file and mapping against everything that can be known: without a directory, or with the one that they are
// for. Prints all problems in the form `file:line:column ...` that editors and CI recognise.
import path from 'node:path';
import { checkDirectory } from '../../check/check-directory.ts';
import { checkMapping } from '../../check/check-mapping.ts';
import { directoryProblems } from '../../check/problem-codes.ts';
import { dumpConfig } from '../../config/dump-config.ts';
import type { TenantConfig } from '../../config/gateway-config.ts';
import { loadGatewayFile } from '../../config/load-gateway-file.ts';
import { problemsOfTenant } from '../../config/of-tenant.ts';
import { toAuthorize } from '../../config/to-authorization.ts';
import { sendsPlaintext } from '../../ldap/client/directory-config.ts';
import { standardSubschema } from '../../ldap/subschema/standard.ts';
import { loadMapping } from '../../mapping/file/load-mapping.ts';
import { openDirectory, readDirectory } from '../../tenant/open-mapping.ts';
import { StartError } from '../../tenant/start-error.ts';
import type { Problem } from '../../util/problem.ts';
import { type Call, type Command, choiceOption, numberOption, type Output } from '../command.ts';
import { chooseTenant, tenantOption } from '../open-subject.ts';
import { formats, printProblems } from '../print-problems.ts';

export const check: Command = {
  name: 'check',
  summary: 'check a gateway file and its mapping, by themselves or against the directory',
  options: [
    { name: 'config', value: 'FILE', summary: 'the gateway file (default gateway.yaml)' },
    { name: 'live', summary: 'against the directory, too; nothing is written to it' },
    { name: 'sample', value: 'N', summary: 'with --live: entries of each type to look at (default 20)' },
    tenantOption,
    { name: 'format', value: 'NAME', summary: 'pretty, json or github (default pretty)' },
    { name: 'dump', summary: 'show the configuration in force, secrets masked' },
  ],
  notes: [
    'Each problem has its place, a stable code, and what to do about it; docs/errors.md lists the codes.',
    'Exit codes: 0 no error (there may be warnings), 1 something is wrong, 2 called the wrong way.',
  ].join('\n'),
  async run(call, output) {
    const file = call.values.get('config') ?? 'gateway.yaml';
    const format = choiceOption(call, 'format', formats);
    const sample = numberOption(call, 'sample', { min: 1, max: 10_000 }) ?? 20;
    const { config, problems: gatewayProblems } = loadGatewayFile(file);
    const tenants = config === undefined ? [] : tenantsOf(config.tenants, call);
    const found = await Promise.all(
      tenants.map((tenant) => (call.switches.has('live') ? checkLive(tenant, sample, output) : checkFiles(tenant))),
    );
    const problems = [...gatewayProblems, ...found.flatMap((each) => each.problems)];
    const remarks = found.flatMap((each) => each.remarks);
    for (const line of printProblems(problems, remarks, format)) output.print(line);
    if (call.switches.has('dump') && config !== undefined) output.print(dumpConfig(config).trimEnd());
    const count = (severity: Problem['severity']): number =>
      problems.filter((each) => each.severity === severity).length;
    output.say(`${file}: ${summarize(count('error'), count('warning'))}`);
    return count('error') === 0 ? 0 : 1;
  },
};

interface Found {
  readonly problems: readonly Problem[];
  readonly remarks: readonly string[];
}

function tenantsOf(tenants: readonly TenantConfig[], call: Call): readonly TenantConfig[] {
  const name = call.values.get('tenant');
  return name === undefined ? tenants : [chooseTenant({ tenants }, name)];
}

function summarize(errors: number, warnings: number): string {
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  const more = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`;
  return errors === 0 ? `in order${more}` : `${count(errors, 'error')}${more}`;
}

function load({ mapping }: TenantConfig) {
  return loadMapping(path.relative('', mapping.file), { variables: mapping.variables });
}

/** Attributes and classes that only the live directory knows are left to `--live` and `serve`. */
async function checkFiles(tenant: TenantConfig): Promise<Found> {
  const plaintext = sendsPlaintext(tenant.directory);
  const options = { subschema: standardSubschema, live: false, matchEntryDn: true, plaintext };
  const { problems, compiled } = checkMapping(await load(tenant), options);
  const unfit: Problem[] = [];
  if (compiled !== undefined) {
    for (const { authorization } of tenant.credentials) toAuthorize(compiled.mapping, authorization, unfit);
  }
  return { problems: problemsOfTenant(tenant.name, [...problems, ...unfit]), remarks: [] };
}

async function checkLive(tenant: TenantConfig, sample: number, output: Output): Promise<Found> {
  const directory = openDirectory(tenant, () => {});
  const tell = (text: string): void => output.say(`${tenant.name === '' ? '' : `${tenant.name}: `}${text} ...`);
  try {
    tell('asking the directory for its schema');
    const { dialect, subschema } = await readDirectory(tenant, directory);
    const { matchEntryDn, backLinks } = dialect.capabilities;
    const plaintext = sendsPlaintext(tenant.directory);
    const options = { subschema, live: true, matchEntryDn, backLinks, plaintext };
    const { problems, compiled } = checkMapping(await load(tenant), options);
    if (compiled === undefined) return { problems: problemsOfTenant(tenant.name, problems), remarks: [] };
    const { mapping, loaded } = compiled;
    const subject = { mapping, source: loaded.source, dialect, directory, sample, progress: tell };
    const live = await checkDirectory(subject);
    return { problems: problemsOfTenant(tenant.name, [...problems, ...live.problems]), remarks: live.remarks };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const { problems } = await checkFiles(tenant);
    const { code } = directoryProblems.unreachable;
    const place = { file: path.relative('', tenant.mapping.file), path: 'directory' };
    return { problems: [...problems, { code, severity: 'error', ...place, message: error.message }], remarks: [] };
  } finally {
    await directory.close();
  }
}
