// Holds gateway file and mapping against everything that can be known without a directory. Prints all problems in the
// form `file:line:column ...` that editors and CI recognise.
import path from 'node:path';
import { dumpConfig } from '../../config/dump-config.ts';
import type { GatewayConfig, TenantConfig } from '../../config/gateway-config.ts';
import { loadGatewayFile } from '../../config/load-gateway-file.ts';
import { problemsOfTenant } from '../../config/of-tenant.ts';
import { sendsPlaintext } from '../../ldap/client/directory-config.ts';
import { standardSubschema } from '../../ldap/subschema/standard.ts';
import { compileMapping } from '../../mapping/compile-mapping.ts';
import { loadMapping } from '../../mapping/file/load-mapping.ts';
import { type Problem, printProblem } from '../../util/problem.ts';
import type { Command } from '../command.ts';

export const check: Command = {
  name: 'check',
  summary: 'check a gateway file and its mapping, without a directory',
  options: [
    { name: 'config', value: 'FILE', summary: 'the gateway file (default gateway.yaml)' },
    { name: 'dump', summary: 'show the configuration in force, secrets masked' },
  ],
  async run(call, output) {
    const file = call.values.get('config') ?? 'gateway.yaml';
    const { config, problems: gatewayProblems } = loadGatewayFile(file);
    const problems = [...gatewayProblems, ...(config === undefined ? [] : await checkMappings(config))];
    for (const problem of problems) output.print(printProblem(problem));
    if (call.switches.has('dump') && config !== undefined) output.print(dumpConfig(config).trimEnd());
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    output.say(errors === 0 ? `${file}: in order` : `${file}: ${errors} ${errors === 1 ? 'error' : 'errors'}`);
    return errors === 0 ? 0 : 1;
  },
};

async function checkMappings({ tenants }: GatewayConfig): Promise<readonly Problem[]> {
  const problems = tenants.map(async (tenant) => problemsOfTenant(tenant.name, await checkMapping(tenant)));
  return (await Promise.all(problems)).flat();
}

/** Attributes and classes that only the live directory knows are left to `serve`. */
async function checkMapping({ mapping, directory }: TenantConfig): Promise<readonly Problem[]> {
  const shown = path.relative('', mapping.file);
  const loaded = await loadMapping(shown, { variables: mapping.variables });
  const mappingFile = loaded.mapping ?? loaded.draft;
  if (mappingFile === undefined) return loaded.problems;
  const plaintext = sendsPlaintext(directory);
  const options = { subschema: standardSubschema, live: false, matchEntryDn: true, plaintext };
  const told = new Set(loaded.problems.map(({ path: key }) => key));
  // One mistake, one problem: what the file's own checks told of a key is not told again.
  const more = compileMapping(mappingFile, options).problems.filter(({ path: key }) => !told.has(key));
  return [...loaded.problems, ...more];
}
