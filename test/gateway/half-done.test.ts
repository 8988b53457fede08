// What is left, and what the client is told, where the directory fails between the steps of one request.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Dialect } from '../../src/ldap/dialects/dialect.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { Fault } from '../../src/ldap/embedded/faults.ts';
import { resultCode } from '../../src/ldap/result-codes.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, canBind, type ServedGateway, type ServeOptions, serveGateway } from './harness.ts';

const suffix = 'dc=example,dc=com';
const schemaLdif = [readFileSync(new URL('../../mappings/openldap/scim-person.ldif', import.meta.url), 'utf8')];

const lost = { kind: 'drop', at: 'beforeApplying' } as const;
const unanswered = { kind: 'drop', at: 'afterApplying' } as const;
const refused = { kind: 'answer', code: resultCode.insufficientAccessRights } as const;

describe('requests of several steps', () => {
  let directory: EmbeddedDirectory;
  let place: ServeOptions;
  let served: ServedGateway;
  let count = 0;
  before(async () => {
    directory = createEmbeddedDirectory({ suffix, schemaLdif, unique: [], refint: false });
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    place = { url, bindDn, password, mapping: 'openldap/inet-org-person-scim.yaml', variables: { suffix } };
    served = await serveGateway(place);
  });
  after(async () => {
    await served.stop();
    await directory.close();
  });
  afterEach(() => directory.faults.clear());

  const created = async (path: string, body: JsonObject): Promise<JsonObject & { readonly id: string }> => {
    const answer = await served.scim('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body as JsonObject & { readonly id: string };
  };
  /** A user, and a group that it and another one are members of. */
  const team = async () => {
    count += 1;
    const [user, other] = [
      await created('/Users', { schemas: [urns.user], userName: `step${count}` }),
      await created('/Users', { schemas: [urns.user], userName: `other${count}` }),
    ];
    const members = [{ value: user.id }, { value: other.id }];
    const group = await created('/Groups', { schemas: [urns.group], displayName: `team${count}`, members });
    const held = async () => {
      const search = { base: `cn=team${count},ou=groups,${suffix}`, scope: 'base', attributes: ['member'] } as const;
      const filter = { kind: 'present', attribute: 'objectClass' } as const;
      const { entries } = await served.directory.search({ ...search, filter }).collect();
      return (entries[0]?.strings('member') ?? []).map((dn) => dn.split(',')[0] ?? '').sort();
    };
    return { name: `step${count}`, other: `other${count}`, user, group, held };
  };
  const rename = (id: string, userName: string, more: readonly JsonObject[] = []) =>
    served.scim('PATCH', `/Users/${id}`, {
      schemas: [urns.patchOp],
      Operations: [{ op: 'replace', path: 'userName', value: userName }, ...more],
    });
  const onGroup = (fault: Pick<Fault, 'effect' | 'times'>): void => {
    directory.faults.inject({
      operation: 'modify',
      when: (request) => request.kind === 'modify' && request.dn.startsWith('cn=team'),
      ...fault,
    });
  };

  /** From the first request of one kind on, those of another are refused. */
  const refuseFrom = (first: Fault['operation'], refusing: Fault['operation']): void => {
    let seen = false;
    directory.faults.inject({
      operation: 'any',
      when({ kind }) {
        seen ||= kind === first;
        return seen && (refusing === 'any' || kind === refusing);
      },
      effect: refused,
    });
  };

  it('F1 a directory that goes away after the delete is asked again until no reference is left', async () => {
    const { user, other, held } = await team();
    onGroup({ effect: lost, times: 1 });
    assert.equal((await served.scim('DELETE', `/Users/${user.id}`)).status, 204);
    assert.deepEqual(await held(), [`uid=${other}`]);
  });

  it('F1 tells where references remain after a delete', async () => {
    const { user } = await team();
    onGroup({ effect: refused });
    const { status, body } = await served.scim('DELETE', `/Users/${user.id}`);
    assert.equal(status, 500);
    assert.match(String(body['detail']), /not all references/);
    assert.equal((await served.scim('GET', `/Users/${user.id}`)).status, 404);
  });

  for (const [title, effect] of [
    ['is lost', lost],
    ['is made and not answered', unanswered],
  ] as const) {
    it(`F1 a delete that ${title} is seen to its end, references too`, async () => {
      const { user, other, held } = await team();
      directory.faults.inject({ operation: 'delete', effect, times: 1 });
      assert.equal((await served.scim('DELETE', `/Users/${user.id}`)).status, 204);
      assert.equal((await served.scim('GET', `/Users/${user.id}`)).status, 404);
      assert.deepEqual(await held(), [`uid=${other}`]);
    });

    it(`U3 a rename that ${title} is seen to its end, with all changes and references`, async () => {
      const { name, user, other, held } = await team();
      directory.faults.inject({ operation: 'modifyDn', effect, times: 1 });
      const { status, body } = await rename(user.id, `${name}b`, [{ op: 'add', path: 'title', value: 'Chief' }]);
      assert.deepEqual([status, body['id'], body['userName'], body['title']], [200, user.id, `${name}b`, 'Chief']);
      assert.deepEqual(await held(), [`uid=${other}`, `uid=${name}b`].sort());
    });
  }

  it('says so where nobody can tell whether the delete was made', async () => {
    const { user } = await team();
    refuseFrom('delete', 'search');
    directory.faults.inject({ operation: 'delete', effect: unanswered });
    const { status, body } = await served.scim('DELETE', `/Users/${user.id}`);
    assert.equal(status, 503);
    assert.match(String(body['detail']), /may have been made/);
  });

  it('a refused rename leaves a password that is written as an attribute as it was', async () => {
    const changes =
      'resourceTypes: { User: { attributes: { password: { attribute: userPassword, write: attribute } } } }';
    const plain = await serveGateway({ ...place, changes });
    try {
      const { name, user } = await team();
      const dn = `uid=${name},ou=people,${suffix}`;
      const change = (userName: string, password: string) =>
        plain.scim('PATCH', `/Users/${user.id}`, {
          schemas: [urns.patchOp],
          Operations: [{ op: 'replace', value: { userName, password, title: 'Chief' } }],
        });
      assert.equal((await change(name, 'the-First-1')).status, 200);
      directory.faults.inject({ operation: 'modifyDn', effect: refused, times: 1 });
      assert.equal((await change(`${name}b`, 'the-Second-2')).status, 403);
      assert.equal(await canBind(place, dn, 'the-First-1'), true);
      assert.equal((await change(`${name}b`, 'the-Second-2')).status, 200);
      assert.equal(await canBind(place, dn.replace(name, `${name}b`), 'the-Second-2'), true);
    } finally {
      await plain.stop();
    }
  });

  it('U3 tells where references remain after a rename', async () => {
    const { name, user } = await team();
    onGroup({ effect: refused });
    const { status, body } = await rename(user.id, `${name}b`);
    assert.equal(status, 500);
    assert.match(String(body['detail']), /not all references/);
    assert.equal((await served.scim('GET', `/Users/${user.id}`)).body['userName'], `${name}b`);
  });

  it('a refused rename takes the changes before it back', async () => {
    const { name, user } = await team();
    directory.faults.inject({ operation: 'modifyDn', effect: refused });
    const answer = await rename(user.id, `${name}b`, [{ op: 'add', path: 'title', value: 'Chief' }]);
    assert.equal(answer.status, 403);
    const { body } = await served.scim('GET', `/Users/${user.id}`);
    assert.deepEqual([body['userName'], body['title']], [name, undefined]);
  });

  it('says so where changes could not be taken back', async () => {
    const { name, user } = await team();
    refuseFrom('modifyDn', 'any');
    const answer = await rename(user.id, `${name}b`, [{ op: 'add', path: 'title', value: 'Chief' }]);
    assert.equal(answer.status, 500);
    assert.match(String(answer.body['detail']), /could not be undone/);
  });

  it('a create whose password is lost on the way leaves no user', async () => {
    directory.faults.inject({ operation: 'extended', effect: lost });
    const answer = await served.scim('POST', '/Users', {
      schemas: [urns.user],
      userName: 'halved',
      password: 'x-Y-9-z',
    });
    assert.equal(answer.status, 503, JSON.stringify(answer.body));
    directory.faults.clear();
    const found = await served.scim('GET', '/Users?filter=userName%20eq%20%22halved%22');
    assert.equal(found.body['totalResults'], 0);
  });

  it('a change that was made is never reported as one that was not', async () => {
    refuseFrom('extended', 'search');
    const answer = await served.scim('POST', '/Users', {
      schemas: [urns.user],
      userName: 'blind',
      password: 'x-Y-9-z',
    });
    directory.faults.clear();
    assert.equal(answer.status, 500);
    assert.match(String(answer.body['detail']), /change was made/);
    const found = await served.scim('GET', '/Users?filter=userName%20eq%20%22blind%22');
    assert.equal(found.body['totalResults'], 1);
  });

  describe('the lock of a leaver, which a new password lifts', () => {
    const patch = (id: string, ...Operations: JsonObject[]) =>
      served.scim('PATCH', `/Users/${id}`, { schemas: [urns.patchOp], Operations });
    const setPassword = (id: string) => patch(id, { op: 'replace', path: 'password', value: 'x-Y-9-z' });
    const disable = (id: string) => patch(id, { op: 'replace', path: 'active', value: false });
    const activeOf = async (id: string) => (await served.scim('GET', `/Users/${id}`)).body['active'];

    it('stays where it comes while the password is on its way', async () => {
      const { user } = await team();
      const arrived = Promise.withResolvers<void>();
      directory.faults.inject({
        operation: 'extended',
        when: () => {
          arrived.resolve();
          return true;
        },
        times: 1,
        effect: { kind: 'delay', milliseconds: 100 },
      });
      const password = setPassword(user.id);
      await arrived.promise;
      assert.equal((await disable(user.id)).status, 200);
      assert.equal((await password).status, 200);
      assert.equal(await activeOf(user.id), false);
    });

    for (const password of [[], [{ op: 'replace', path: 'password', value: 'x-Y-9-z' }]])
      it(`is one for good where wrong passwords had locked for a time, with ${password.length} passwords`, async () => {
        const { name, user } = await team();
        const dn = `uid=${name},ou=people,${suffix}`;
        const attribute = 'pwdAccountLockedTime';
        const values = ['20260101120000Z'];
        await served.directory.modify({ dn, modifications: [{ operation: 'replace', attribute, values }] });
        const disabling = () => patch(user.id, { op: 'replace', path: 'active', value: false }, ...password);
        for (const times of [1, 2]) {
          const { status, body } = await disabling();
          assert.deepEqual([status, body['active']], [200, false], `time ${times}`);
          assert.equal(await served.directory.compare({ dn, attribute, value: '000001010000Z' }), true);
        }
      });

    it('is set again where nobody knows whether the password is set', async () => {
      const { user } = await team();
      assert.equal((await disable(user.id)).status, 200);
      directory.faults.inject({ operation: 'extended', times: 1, effect: unanswered });
      assert.equal((await setPassword(user.id)).status, 503);
      assert.equal(await activeOf(user.id), false);
    });

    it('is set again by a directory that goes away after the password', async () => {
      const { user } = await team();
      assert.equal((await disable(user.id)).status, 200);
      directory.faults.inject({ operation: 'modify', times: 1, effect: lost });
      assert.equal((await setPassword(user.id)).status, 200);
      assert.equal(await activeOf(user.id), false);
    });
  });

  it('a write that has begun goes on when the client leaves', async () => {
    const { user, other, held } = await team();
    const arrived = Promise.withResolvers<void>();
    directory.faults.inject({
      operation: 'delete',
      when: () => {
        arrived.resolve();
        return true;
      },
      times: 1,
      effect: { kind: 'delay', milliseconds: 100 },
    });
    const leaving = new AbortController();
    const request = fetch(`${served.url}/Users/${user.id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${served.token}` },
      signal: leaving.signal,
    });
    await arrived.promise;
    leaving.abort();
    await assert.rejects(request);
    while ((await held()).length > 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(await held(), [`uid=${other}`]);
  });

  describe('a delete that disables, and moves out of the base', () => {
    let plain: ServedGateway;
    const hidden = `ou=leavers,${suffix}`;
    before(async () => {
      plain = served;
      served = await serveGateway({
        ...place,
        changes: `resourceTypes: { User: { delete: { policy: disableAndHide, container: "${hidden}" } } }`,
      });
      const attributes = [
        { type: 'objectClass', values: ['organizationalUnit'] },
        { type: 'ou', values: ['leavers'] },
      ];
      await plain.directory.add({ dn: hidden, attributes });
    });
    after(async () => {
      await served.stop();
      served = plain;
    });
    const activeOf = async (id: string) => (await served.scim('GET', `/Users/${id}`)).body['active'];

    it('is taken back whole where the move is refused', async () => {
      const { name, other, user, held } = await team();
      directory.faults.inject({ operation: 'modifyDn', effect: refused });
      assert.equal((await served.scim('DELETE', `/Users/${user.id}`)).status, 403);
      assert.equal(await activeOf(user.id), true);
      assert.deepEqual(await held(), [`uid=${other}`, `uid=${name}`].sort());
    });

    it('is taken back whole where a group is refused', async () => {
      const { name, other, user, held } = await team();
      onGroup({ effect: refused });
      assert.equal((await served.scim('DELETE', `/Users/${user.id}`)).status, 403);
      assert.equal(await activeOf(user.id), true);
      assert.deepEqual(await held(), [`uid=${other}`, `uid=${name}`].sort());
    });

    it('asks again for the groups where the directory goes away', async () => {
      const { other, user, held } = await team();
      onGroup({ effect: lost, times: 1 });
      assert.equal((await served.scim('DELETE', `/Users/${user.id}`)).status, 204);
      assert.equal((await served.scim('GET', `/Users/${user.id}`)).status, 404);
      assert.deepEqual(await held(), [`uid=${other}`]);
    });

    it('is seen to its end where the move is made and not answered', async () => {
      const { other, user, held } = await team();
      directory.faults.inject({ operation: 'modifyDn', times: 1, effect: unanswered });
      const { status } = await served.scim('DELETE', `/Users/${user.id}`);
      assert.equal((await served.scim('GET', `/Users/${user.id}`)).status, 404);
      assert.deepEqual([status, await held()], [204, [`uid=${other}`]]);
    });

    it('puts nobody back into groups whose move may have been made', async () => {
      const { other, user, held } = await team();
      refuseFrom('modifyDn', 'search');
      directory.faults.inject({ operation: 'modifyDn', effect: unanswered });
      const { status } = await served.scim('DELETE', `/Users/${user.id}`);
      directory.faults.clear();
      assert.equal((await served.scim('GET', `/Users/${user.id}`)).status, 404);
      assert.deepEqual([status, await held()], [500, [`uid=${other}`]]);
    });

    it('says so where it could not be taken back', async () => {
      const { user } = await team();
      refuseFrom('modifyDn', 'any');
      const { status, body } = await served.scim('DELETE', `/Users/${user.id}`);
      assert.equal(status, 500);
      assert.match(String(body['detail']), /could not be undone/);
    });
  });
});

describe('a code that means a race or a refusal', () => {
  let directory: EmbeddedDirectory;
  let served: ServedGateway;
  before(async () => {
    directory = createEmbeddedDirectory({ suffix, schemaLdif, unique: [] });
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    const mapping = 'openldap/inet-org-person-scim.yaml';
    // As on Active Directory.
    const codes = { memberExists: [20, 68], memberMissing: [16, 53] };
    const dialect = (detected: Dialect): Dialect => ({ ...detected, codes: { ...detected.codes, ...codes } });
    served = await serveGateway({ url, bindDn, password, mapping, variables: { suffix }, dialect });
  });
  after(async () => {
    await served.stop();
    await directory.close();
  });

  for (const [code, times, status] of [
    [resultCode.unwillingToPerform, 1, 200],
    [resultCode.unwillingToPerform, Number.POSITIVE_INFINITY, 400],
    [resultCode.entryAlreadyExists, Number.POSITIVE_INFINITY, 409],
  ] as const) {
    it(`${code}, ${times === 1 ? 'once' : 'twice'}, is answered with ${status}`, async () => {
      const body = { schemas: [urns.user], userName: `doubt-${code}-${status}` };
      const created = await served.scim('POST', '/Users', body);
      directory.faults.inject({ operation: 'modify', times, effect: { kind: 'answer', code } });
      const Operations = [{ op: 'replace', path: 'title', value: 'Boss' }];
      let answer: Answer | undefined;
      const sent = await served.record(async () => {
        answer = await served.scim('PATCH', `/Users/${String(created.body['id'])}`, {
          schemas: [urns.patchOp],
          Operations,
        });
      });
      directory.faults.clear();
      assert.equal(answer?.status, status, JSON.stringify(answer?.body));
      assert.equal(sent.filter(({ operation }) => operation === 'modify').length, 2);
    });
  }
});
