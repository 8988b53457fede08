// A gateway in front of an embedded directory for one suite, and the few requests that every suite makes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, type ServedGateway, type ServeOptions, serveGateway } from '../gateway/harness.ts';

const schemaLdif = [readFileSync(new URL('../../mappings/openldap/scim-person.ldif', import.meta.url), 'utf8')];
const suffix = 'dc=example,dc=com';

export const enterprise = urns.enterpriseUser;

export type Identified = JsonObject & { readonly id: string };

export interface ConformanceGateway {
  served(): ServedGateway;
  scim(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The body of a GET that must be 200. */
  read(path: string): Promise<JsonObject>;
  user(userName: string, more?: JsonObject): Promise<Identified>;
  group(displayName: string, memberIds?: readonly string[]): Promise<Identified>;
  patch(path: string, ...operations: readonly JsonObject[]): Promise<Answer>;
  /** userName or displayName of what a filter finds, in the order of the answer. */
  names(query: string): Promise<string[]>;
}

/** Starts before the suite that calls it, and ends with it. */
export function useGateway(options: Pick<ServeOptions, 'profile' | 'limits'> = {}): ConformanceGateway {
  let directory: EmbeddedDirectory | undefined;
  let running: ServedGateway | undefined;
  before(async () => {
    directory = createEmbeddedDirectory({ suffix, schemaLdif, unique: [] });
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    const mapping = 'openldap/inet-org-person-scim.yaml';
    running = await serveGateway({ url, bindDn, password, mapping, variables: { suffix }, ...options });
  });
  after(async () => {
    await running?.stop();
    await directory?.close();
  });

  const served = (): ServedGateway => {
    assert.ok(running);
    return running;
  };
  const scim: ConformanceGateway['scim'] = (...request) => served().scim(...request);
  const create = async (endpoint: string, body: JsonObject): Promise<Identified> => {
    const answer = await scim('POST', endpoint, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body as Identified;
  };
  const read: ConformanceGateway['read'] = async (path) => {
    const answer = await scim('GET', path);
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    served,
    scim,
    read,
    user: (userName, more = {}) => create('/Users', { schemas: [urns.user], userName, ...more }),
    group: (displayName, memberIds = []) =>
      create('/Groups', { schemas: [urns.group], displayName, members: memberIds.map((value) => ({ value })) }),
    patch: (path, ...Operations) => scim('PATCH', path, { schemas: [urns.patchOp], Operations }),
    async names(query) {
      const { Resources } = await read(query);
      return list(Resources).map((resource) => String(resource['userName'] ?? resource['displayName']));
    },
  };
}

export function list(value: JsonValue | undefined): readonly JsonObject[] {
  return (value ?? []) as readonly JsonObject[];
}

export function object(value: JsonValue | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}

export function query(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}

/** O1: the body says what the status line says, and nothing else. */
export function assertError(answer: Answer, status: number, scimType?: string): void {
  const label = JSON.stringify(answer.body);
  assert.equal(answer.status, status, label);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/scim\+json/);
  assert.deepEqual(answer.body['schemas'], [urns.error], label);
  assert.equal(answer.body['status'], String(status), label);
  assert.equal(answer.body['scimType'], scimType, label);
  assert.equal(typeof answer.body['detail'], 'string', label);
}
