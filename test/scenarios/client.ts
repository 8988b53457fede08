// What the scenarios share: a client with its headers and its profile in front of a gateway of its own, and a look into
// the directory. Every answer is held against the rules that no client may see broken, whatever the flow.
import assert from 'node:assert/strict';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { readId } from '../../src/mapping/plan-fetch.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { type ClientProfile, clientProfiles } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, canBind, type DirectoryAccess, type ServedGateway, servePlace } from '../gateway/harness.ts';

export const user = urns.user;
export const enterprise = urns.enterpriseUser;

export interface ScenarioDirectory extends DirectoryAccess {
  readonly suffix: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
  /** Whose mapping it takes: `openldap` where absent. */
  readonly product?: '389-ds' | 'active-directory';
}

/** What a product calls things by. */
interface Naming {
  readonly mapping: string;
  readonly userName: string;
  readonly userDn: (userName: string, peopleDn: string) => string;
  /** Attributes of inetOrgPerson and scimPerson by what holds the same there. */
  readonly attributes: Readonly<Record<string, string>>;
}

const byUid = { userName: 'uid', userDn: (uid: string, base: string) => `uid=${uid},${base}`, attributes: {} };
const namings: Readonly<Record<NonNullable<ScenarioDirectory['product']> | 'openldap', Naming>> = {
  openldap: { ...byUid, mapping: 'openldap/inet-org-person-scim.yaml' },
  '389-ds': { ...byUid, mapping: '389-ds/inet-org-person-scim.yaml' },
  'active-directory': {
    mapping: '../test/scenarios/active-directory.yaml',
    userName: 'userPrincipalName',
    userDn: (userName, base) => `CN=${userName},${base.replaceAll('ou=', 'OU=')}`,
    attributes: {
      departmentNumber: 'department',
      employeeNumber: 'employeeID',
      street: 'streetAddress',
      scimOtherMail: 'otherMailbox',
      scimHomeMail: 'otherHomePhone',
      scimCostCenter: 'departmentNumber',
      scimRole: 'otherIpPhone',
    },
  },
};

/** An empty directory, or an empty part of one; the name is unique in a run. */
export type StartScenario = (name: string) => Promise<ScenarioDirectory>;

export interface ClientSettings {
  /** Default `interop`. */
  readonly profile?: string | ClientProfile;
  readonly headers?: Readonly<Record<string, string>>;
  /** Query parameter that the client sends with every request. */
  readonly flag?: string;
  /** Below `mappings/`; `PRODUCT` stands for the directory's. */
  readonly mapping?: string;
}

export interface ScimClient {
  /** The body of an answer that has the status, after the rules for all answers. */
  send(method: string, path: string, body: unknown, status: number): Promise<JsonObject>;
  get(path: string, status?: number): Promise<JsonObject>;
  patch(path: string, status: number, ...operations: readonly JsonObject[]): Promise<JsonObject>;
  /** Ids that a filter finds, in their order. */
  find(endpoint: string, filter: string, more?: string): Promise<string[]>;
  createUser(userName: string, more?: JsonObject): Promise<Identified>;
  createGroup(displayName: string, members?: readonly string[]): Promise<Identified>;
  /** What the directory calls an attribute of inetOrgPerson or scimPerson. */
  attribute(name: string): string;
  /** The id of a resource of the type, of its entry. */
  idOf(type: 'User' | 'Group', entry: LdapEntry | undefined): string | undefined;
  /** By the name that it was given. */
  userEntry(uid: string): Promise<LdapEntry | undefined>;
  groupEntry(cn: string): Promise<LdapEntry | undefined>;
  canBind(uid: string, password: string): Promise<boolean>;
  memberIds(groupId: string): Promise<string[]>;
  userDn(uid: string): string;
  url(): string;
}

export type Identified = JsonObject & { readonly id: string };

/** One client in front of one directory: `flows` declares its tests. */
export function describeClient(
  title: string,
  start: () => Promise<ScenarioDirectory>,
  settings: ClientSettings,
  flows: (client: ScimClient) => void,
): void {
  describe(title, () => {
    let served: ServedGateway | undefined;
    let place: ScenarioDirectory | undefined;

    before(async () => {
      place = await start();
      served = await servePlace(place, {
        mapping: settings.mapping?.replace('PRODUCT', place.product ?? 'openldap') ?? namingOf(place).mapping,
        profile: getProfile(settings.profile ?? 'interop'),
      });
    });
    after(async () => {
      if (served !== undefined && place?.product === 'active-directory') await removeAll(served, place);
      await served?.stop();
    });

    flows(
      createClient(settings, () => {
        assert.ok(served !== undefined && place !== undefined);
        return { served, place };
      }),
    );
  });
}

export function list(value: JsonValue | undefined): readonly JsonObject[] {
  return (value ?? []) as unknown as readonly JsonObject[];
}

export function object(value: JsonValue | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}

export function ids(members: readonly JsonObject[]): string[] {
  return members.map(({ value }) => String(value)).sort();
}

/** In a domain a name is given once, whatever the unit: the next client may want it. */
async function removeAll({ directory }: ServedGateway, { peopleDn, groupsDn }: ScenarioDirectory): Promise<void> {
  for (const base of [peopleDn, groupsDn]) {
    const filter = { kind: 'present', attribute: 'sAMAccountName' } as const;
    const { entries } = await directory.search({ base, scope: 'subtree', filter, attributes: ['1.1'] }).collect();
    for (const { dn } of entries) await directory.delete({ dn });
  }
}

function namingOf({ product }: ScenarioDirectory): Naming {
  return namings[product ?? 'openldap'];
}

/** Without those of a product. */
export function standardSchemas({ schemas }: JsonObject): readonly string[] {
  return (schemas as unknown as readonly string[]).filter((urn) => !urn.startsWith('urn:scim-ldap:'));
}

function getProfile(name: string | ClientProfile): ClientProfile {
  if (typeof name !== 'string') return name;
  const profile = clientProfiles.get(name);
  assert.ok(profile, name);
  return profile;
}

function createClient(
  { headers = {}, flag }: ClientSettings,
  running: () => { readonly served: ServedGateway; readonly place: ScenarioDirectory },
): ScimClient {
  const flagged = (path: string): string =>
    flag === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}${flag}`;
  const send: ScimClient['send'] = async (method, path, body, status) => {
    const { served } = running();
    const answer = await served.scim(method, flagged(path), body, { ...headers });
    const label = `${method} ${path} ${JSON.stringify(body ?? null)}\n  ${answer.status} ${JSON.stringify(answer.body)}`;
    assert.equal(answer.status, status, label);
    checkAnswer(answer, method, headers['Accept'], label);
    return answer.body;
  };
  const create = async (endpoint: string, body: JsonObject): Promise<Identified> => {
    const created = await send('POST', endpoint, body, 201);
    assert.equal(typeof created['id'], 'string');
    return created as Identified;
  };
  const entryAt = async (base: string, attribute: string, value: string): Promise<LdapEntry | undefined> => {
    const found = running().served.directory.search({
      base,
      scope: 'subtree',
      filter: { kind: 'equality', attribute, value },
      attributes: ['*', '+'],
    });
    return (await found.collect()).entries[0];
  };
  const client: ScimClient = {
    send,
    get: (path, status = 200) => send('GET', path, undefined, status),
    patch: (path, status, ...operations) =>
      send('PATCH', path, { schemas: [urns.patchOp], Operations: operations }, status),
    async find(endpoint, filter, more = '') {
      const body = await send('GET', `${endpoint}?filter=${encodeURIComponent(filter)}${more}`, undefined, 200);
      assert.equal(body['totalResults'], list(body['Resources']).length, filter);
      return list(body['Resources']).map(({ id }) => String(id));
    },
    createUser: (userName, more = {}) => create('/Users', { schemas: [user], userName, ...more }),
    createGroup: (displayName, members = []) =>
      create('/Groups', { schemas: [urns.group], displayName, members: members.map((value) => ({ value })) }),
    attribute: (name) => namingOf(running().place).attributes[name] ?? name,
    idOf(type, entry) {
      const mapping = running().served.mapping.resourceTypes.find((each) => each.type.name === type);
      return mapping === undefined || entry === undefined ? undefined : readId(mapping, entry);
    },
    userEntry: (uid) => entryAt(running().place.peopleDn, namingOf(running().place).userName, uid),
    groupEntry: (cn) => entryAt(running().place.groupsDn, 'cn', cn),
    userDn: (uid) => namingOf(running().place).userDn(uid, running().place.peopleDn),
    url: () => running().served.url,
    memberIds: async (groupId) => ids(list((await client.get(`/Groups/${groupId}`))['members'])),
    canBind: (uid, password) => canBind(running().place, client.userDn(uid), password),
  };
  return client;
}

/** A14, B1, O1, O3 and P2, of every answer. */
function checkAnswer(
  { status, headers, body }: Answer,
  method: string,
  accept: string | undefined,
  label: string,
): void {
  if (status === 204) {
    assert.deepEqual(body, {}, label);
    return;
  }
  const mediaType = accept === 'application/json' && status < 400 ? accept : 'application/scim+json';
  assert.ok(headers.get('content-type')?.startsWith(mediaType), `${String(headers.get('content-type'))} ${label}`);
  assert.ok(!holdsNull(body), `no null in an answer: ${label}`);
  const schemas = body['schemas'] as unknown as readonly string[];
  assert.ok(schemas.length > 0 && new Set(schemas).size === schemas.length, label);
  if (status >= 400) {
    assert.deepEqual(schemas, [urns.error], label);
    assert.equal(body['status'], String(status), label);
    assert.doesNotMatch(String(body['detail']), /(?:dc|uid|ou|cn)=/, label);
    return;
  }
  if (schemas.includes(urns.listResponse)) {
    assert.equal(typeof body['totalResults'], 'number', label);
    return;
  }
  if (body['meta'] === undefined) return;
  const { location, resourceType } = object(body['meta']);
  assert.equal(typeof resourceType, 'string', label);
  if (method === 'POST') assert.equal(headers.get('location'), location, label);
}

function holdsNull(value: JsonValue | undefined): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some((member) => holdsNull(member as JsonValue));
}
