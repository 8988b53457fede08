// Every client on every directory.
import { readFileSync } from 'node:fs';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { hasDs389 } from '../directories/ds389/launch.ts';
import { createSuiteBase as createDs389Base, getDs389 } from '../directories/ds389/shared.ts';
import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
import { hasSambaAd } from '../directories/samba-ad/launch.ts';
import { createSuiteBase as createSambaAdBase, getSambaAd } from '../directories/samba-ad/shared.ts';
import { describeAuthentik } from './authentik.ts';
import { describeAwsStyle } from './aws.ts';
import type { StartScenario } from './client.ts';
import { describeEntra } from './entra.ts';
import { describeGitHubStyle } from './github.ts';
import { describeGoogle } from './google.ts';
import { describeJumpCloud } from './jumpcloud.ts';
import { describeKeycloak } from './keycloak.ts';
import { describeMidPoint } from './midpoint.ts';
import { describeOkta } from './okta.ts';
import { describeOneLogin } from './onelogin.ts';
import { describePing } from './ping.ts';
import { describeSailPoint } from './sailpoint.ts';
import { describeStrict } from './strict.ts';
import { describeWso2 } from './wso2.ts';

const scenarios = [
  describeEntra,
  describeOkta,
  describeOneLogin,
  describeJumpCloud,
  describeGoogle,
  describePing,
  describeSailPoint,
  describeAwsStyle,
  describeAuthentik,
  describeKeycloak,
  describeMidPoint,
  describeGitHubStyle,
  describeWso2,
  describeStrict,
];

const schemaFile = new URL('../../mappings/openldap/scim-person.ldif', import.meta.url);
const started: EmbeddedDirectory[] = [];

const startEmbedded: StartScenario = async () => {
  const suffix = 'dc=example,dc=com';
  const directory = createEmbeddedDirectory({ suffix, schemaLdif: [readFileSync(schemaFile, 'utf8')], unique: [] });
  started.push(directory);
  const { url } = await directory.listen();
  const { dn, password } = directory.administrator;
  return { url, bindDn: dn, password, suffix, peopleDn: `ou=people,${suffix}`, groupsDn: `ou=groups,${suffix}` };
};

const startOpenLdap: StartScenario = async (name) => ({
  ...(await getOpenLdap()),
  ...(await createSuiteBase(`scenario-${name}`)),
});

describe('clients on the embedded directory', () => {
  after(async () => {
    await Promise.all(started.map((directory) => directory.close()));
  });
  for (const describeScenario of scenarios) describeScenario(startEmbedded);
});

describe('clients on OpenLDAP', () => {
  for (const describeScenario of scenarios) describeScenario(startOpenLdap);
});

const startDs389: StartScenario = async (name) => ({
  ...(await getDs389()),
  ...(await createDs389Base(`scenario-${name}`)),
  product: '389-ds',
});

const startSambaAd: StartScenario = async (name) => ({
  ...(await getSambaAd()),
  ...(await createSambaAdBase(`scenario-${name}`)),
  product: 'active-directory',
});

if (hasSambaAd())
  describe('clients on Samba AD', () => {
    for (const describeScenario of scenarios) describeScenario(startSambaAd);
  });

if (hasDs389())
  describe('clients on 389 Directory Server', () => {
    for (const describeScenario of scenarios) describeScenario(startDs389);
  });
