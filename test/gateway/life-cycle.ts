// The main job on any directory that can hold it: the life of users and groups through HTTP, and what of it arrives in
// the directory. One suite for OpenLDAP and for the embedded directory.
import assert from 'node:assert/strict';
import { dnKey } from '../../src/ldap/dn.ts';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { readId } from '../../src/mapping/plan-fetch.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { canBind, type Place, type ServedGateway, servePlace, userDn } from './harness.ts';

export interface LifeCycleDirectory extends Place {
  /** What the directory refuses of a user, and what it is called then; an e-mail address beyond ASCII unless given. */
  readonly refused?: { readonly value: JsonObject; readonly about: RegExp };
  /** A filter with a NUL in a substring is refused: 389-DS 2.3.1 answers 21; elsewhere it matches nothing. */
  readonly refusesNul?: boolean;
  /** Who joins a group is changed by that: 389-DS 2.3.1 counts the writes of its memberOf plug-in in entryusn. */
  readonly joiningChanges?: boolean;
}

const enterprise = urns.enterpriseUser;

function sameDn(found: string | undefined, wanted: string): void {
  assert.equal(dnKey(found ?? ''), dnKey(wanted));
}

interface Element {
  readonly value: string;
  readonly type?: string;
  readonly display?: string;
}

export function describeLifeCycle(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`life cycle on ${name}`, () => {
    let served: ServedGateway;
    let place: LifeCycleDirectory;

    before(async () => {
      place = await start();
      served = await servePlace(place);
    });
    after(async () => {
      await served.stop();
    });

    const user = async (userName: string, more: JsonObject = {}): Promise<JsonObject & { id: string }> => {
      const { status, body } = await served.scim('POST', '/Users', { schemas: [urns.user], userName, ...more });
      assert.equal(status, 201, JSON.stringify(body));
      return body as JsonObject & { id: string };
    };
    const group = async (
      displayName: string,
      members: readonly string[] = [],
    ): Promise<JsonObject & { id: string }> => {
      const body = { schemas: [urns.group], displayName, members: members.map((value) => ({ value })) };
      const answer = await served.scim('POST', '/Groups', body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return answer.body as JsonObject & { id: string };
    };
    const patch = (path: string, ...operations: JsonObject[]) =>
      served.scim('PATCH', path, { schemas: [urns.patchOp], Operations: operations });
    const find = async (type: string, filter: string): Promise<string[]> => {
      const { status, body } = await served.scim('GET', `/${type}?filter=${encodeURIComponent(filter)}`);
      assert.equal(status, 200, `${filter}: ${JSON.stringify(body)}`);
      return ((body['Resources'] ?? []) as unknown as { id: string }[]).map(({ id }) => id).sort();
    };
    const read = async (path: string): Promise<JsonObject> => {
      const { status, body } = await served.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const memberIds = async (id: string): Promise<string[]> =>
      (((await read(`/Groups/${id}`))['members'] ?? []) as unknown as Element[]).map(({ value }) => value).sort();
    const groupsOf = async (id: string): Promise<string[]> =>
      (((await read(`/Users/${id}`))['groups'] ?? []) as unknown as Element[]).map(({ value }) => value).sort();
    const entryOf = async (base: string, filterAttribute: string, value: string): Promise<LdapEntry> => {
      const { entries } = await served.directory
        .search({
          base,
          scope: 'subtree',
          filter: { kind: 'equality', attribute: filterAttribute, value },
          attributes: ['*', '+'],
        })
        .collect();
      assert.equal(entries.length, 1, `${filterAttribute}=${value}`);
      return entries[0] as LdapEntry;
    };
    const userNamed = (userName: string): Promise<LdapEntry> =>
      entryOf(place.peopleDn, place.naming?.attribute ?? 'uid', userName);
    const bindsWith = (dn: string, password: string): Promise<boolean> => canBind(place, dn, password);

    describe('users', () => {
      it('B1 B2 B20 a full user is stored, read back and found in the directory', async () => {
        const boss = await user('lc-boss', { name: { familyName: 'Boss', givenName: 'Beate' } });
        const sent = {
          schemas: [urns.user, enterprise],
          userName: 'lc-full',
          externalId: 'HR-0815',
          name: { formatted: 'Barbara J. Jensen', familyName: 'Jensen', givenName: 'Barbara' },
          displayName: 'Babs Jensen',
          nickName: 'Babs',
          title: 'Tour Guide',
          userType: 'Employee',
          preferredLanguage: 'en-US',
          locale: 'en-US',
          timezone: 'America/Los_Angeles',
          active: true,
          emails: [
            { value: 'lc-full@example.com', type: 'work', primary: true },
            { value: 'babs@jensen.example', type: 'home' },
          ],
          phoneNumbers: [
            { value: '+1 555 555 8377', type: 'work' },
            { value: '+1 555 555 4444', type: 'mobile' },
          ],
          addresses: [
            {
              type: 'work',
              streetAddress: '100 Universal City Plaza',
              locality: 'Hollywood',
              region: 'CA',
              postalCode: '91608',
            },
          ],
          [enterprise]: {
            employeeNumber: '701984',
            costCenter: '4130',
            organization: 'Universal Studios',
            division: 'Theme Park',
            department: 'Tour Operations',
            manager: { value: boss.id },
          },
        };
        const created = await served.scim('POST', '/Users', sent);
        assert.equal(created.status, 201, JSON.stringify(created.body));
        const id = String(created.body['id']);
        assert.equal(created.headers.get('location'), `${served.url}/Users/${id}`);
        const meta = created.body['meta'] as unknown as Record<string, string>;
        assert.equal(meta['created'], meta['lastModified']);
        assert.equal(created.headers.get('etag'), meta['version']);
        const shown = await read(`/Users/${id}`);
        assert.deepEqual(shown, created.body);
        for (const key of [
          'userName',
          'externalId',
          'name',
          'displayName',
          'nickName',
          'title',
          'userType',
          'locale',
          'timezone',
          'active',
          'emails',
          'addresses',
        ] as const) {
          assert.deepEqual(shown[key], sent[key], key);
        }
        const extension = shown[enterprise] as JsonObject;
        assert.equal(extension['costCenter'], '4130');
        assert.deepEqual(extension['manager'], {
          value: boss.id,
          $ref: `${served.url}/Users/${boss.id}`,
          displayName: 'Beate Boss',
        });

        const entry = await userNamed('lc-full');
        sameDn(entry.dn, userDn(place, 'lc-full'));
        assert.deepEqual(entry.strings('mail'), ['lc-full@example.com']);
        assert.deepEqual(entry.strings('telephoneNumber'), ['+1 555 555 8377']);
        sameDn(entry.first('manager'), userDn(place, 'lc-boss'));
        const own = served.mapping.resourceTypes.find(({ type }) => type.name === 'User');
        assert.equal(own === undefined ? undefined : readId(own, entry), id);
      });

      it('finds users by filters of every kind', async () => {
        const boss = await user('lc-find-boss', { name: { familyName: 'Nobody' } });
        const long = await user('lc-find-1', {
          name: { familyName: 'Lc-Long', givenName: 'Ann' },
          emails: [{ value: 'ann@find.example', type: 'work' }],
          [enterprise]: { manager: { value: boss.id } },
        });
        const lang = await user('lc-find-2', { name: { familyName: 'Lc-Lang', givenName: 'Bob' }, title: 'CTO' });
        const team = await group('lc-find-team', [long.id, lang.id]);
        const cases: readonly [string, readonly string[]][] = [
          ['userName eq "LC-FIND-1"', [long.id]],
          ['emails[type eq "work" and value co "@find"]', [long.id]],
          ['emails[type eq "work"].value eq "ann@find.example"', [long.id]],
          ['emails.value ew "@find.example"', [long.id]],
          ['name.familyName sw "Lc-L" and not (title pr)', [long.id]],
          ['name.familyName sw "Lc-L" and title pr', [lang.id]],
          [`meta.lastModified gt "2020-01-01T00:00:00Z" and name.familyName sw "lc-l"`, [long.id, lang.id]],
          [`meta.created lt "2020-01-01T00:00:00Z"`, []],
          [`groups.value eq "${team.id}"`, [long.id, lang.id]],
          [`groups.value eq "${team.id}" and userName ew "2"`, [lang.id]],
          [`groups[value eq "${team.id}"] and not (userName eq "lc-find-1")`, [lang.id]],
          [`${enterprise}:manager.value eq "${boss.id}"`, [long.id]],
          [`manager eq "${boss.id}"`, [long.id]],
          [`id eq "${long.id}"`, [long.id]],
          [`id eq "${long.id}" and manager eq "${boss.id}"`, [long.id]],
          [`id eq "${team.id}"`, []],
          ['userName eq "lc-find-1" or userName eq "lc-find-2"', [long.id, lang.id]],
          ['userName gt "lc-find-1" and userName le "lc-find-2"', [lang.id]],
          ['name.givenName ne "Ann" and userName sw "lc-find-" and title pr', [lang.id]],
        ];
        for (const [filter, ids] of cases) assert.deepEqual(await find('Users', filter), [...ids].sort(), filter);
        assert.deepEqual(await find('Groups', `members.value eq "${long.id}"`), [team.id]);
        assert.deepEqual(await find('Groups', `members eq "${long.id}" and displayName sw "lc-"`), [team.id]);
        assert.deepEqual(await find('Groups', `id eq "${team.id}" and members eq "${boss.id}"`), []);
      });

      it('E20-E50 patches in the forms that clients send', async () => {
        const { id } = await user('lc-patch', { name: { familyName: 'P', givenName: 'Q' } });
        const boss = await user('lc-patch-boss');
        const path = `/Users/${id}`;
        const steps: readonly [string, JsonObject, (body: JsonObject) => void][] = [
          ['E24 simple', { op: 'add', path: 'title', value: 'Dr' }, (body) => assert.equal(body['title'], 'Dr')],
          [
            'E24 replace',
            { op: 'Replace', path: 'title', value: 'Prof' },
            (body) => assert.equal(body['title'], 'Prof'),
          ],
          ['E24 remove', { op: 'remove', path: 'title' }, (body) => assert.equal(body['title'], undefined)],
          [
            'E25 complex merges',
            { op: 'replace', path: 'name', value: { givenName: 'R' } },
            (body) => assert.deepEqual(body['name'], { familyName: 'P', givenName: 'R', formatted: 'Q P' }),
          ],
          [
            'E27 sub-attribute',
            { op: 'replace', path: 'name.givenName', value: 'S' },
            (body) => assert.equal((body['name'] as JsonObject)['givenName'], 'S'),
          ],
          [
            'E20 path-less',
            { op: 'replace', value: { displayName: 'D', nickName: 'N' } },
            (body) => assert.deepEqual([body['displayName'], body['nickName']], ['D', 'N']),
          ],
          [
            'E22 dotted and URN keys',
            { op: 'replace', value: { 'name.familyName': 'T', [`${enterprise}:employeeNumber`]: '7' } },
            (body) => assert.equal((body[enterprise] as JsonObject)['employeeNumber'], '7'),
          ],
          [
            'E36 creates by type',
            { op: 'Add', path: 'emails[type eq "work"].value', value: 'lc-patch@example.com' },
            (body) =>
              assert.deepEqual(body['emails'], [{ value: 'lc-patch@example.com', type: 'work', primary: true }]),
          ],
          [
            'E35 value path',
            { op: 'replace', path: 'emails[type eq "work"].value', value: 'lc-patch2@example.com' },
            (body) => assert.equal((body['emails'] as unknown as Element[])[0]?.value, 'lc-patch2@example.com'),
          ],
          [
            'E28 add to multi-valued',
            { op: 'add', path: 'emails', value: [{ type: 'home', value: 'lc@home.example' }] },
            (body) => assert.equal((body['emails'] as unknown[]).length, 2),
          ],
          [
            'E33 remove by filter',
            { op: 'remove', path: 'emails[type eq "home"]' },
            (body) => assert.equal((body['emails'] as unknown[]).length, 1),
          ],
          ['E30 all removed', { op: 'remove', path: 'emails' }, (body) => assert.equal(body['emails'], undefined)],
          [
            'E37 parts of one address',
            { op: 'add', path: 'addresses[type eq "work"].locality', value: 'Oslo' },
            (body) => assert.deepEqual(body['addresses'], [{ type: 'work', locality: 'Oslo' }]),
          ],
          [
            'E42 Entra manager',
            { op: 'Add', path: 'manager', value: [{ $ref: null, value: boss.id }] },
            (body) => assert.equal(((body[enterprise] as JsonObject)['manager'] as JsonObject)['value'], boss.id),
          ],
          [
            'E40 extension path',
            { op: 'add', path: `${enterprise}:department`, value: 'Sales' },
            (body) => assert.equal((body[enterprise] as JsonObject)['department'], 'Sales'),
          ],
          [
            'E39 manager by value path',
            { op: 'remove', path: `manager[value eq "${boss.id}"]` },
            (body) => assert.equal((body[enterprise] as JsonObject)['manager'], undefined),
          ],
          [
            'E43 whole extension',
            { op: 'remove', path: enterprise },
            (body) => assert.equal(body[enterprise], undefined),
          ],
          [
            'E45 core URN',
            { op: 'replace', path: `${urns.user}:displayName`, value: 'Core' },
            (body) => assert.equal(body['displayName'], 'Core'),
          ],
        ];
        for (const [rule, operation, check] of steps) {
          const answer = await patch(path, operation);
          assert.equal(answer.status, 200, `${rule}: ${JSON.stringify(answer.body)}`);
          check(answer.body);
          assert.deepEqual(await read(path), answer.body, `${rule}: the answer is what is stored`);
        }
      });

      it('E11 a patch that changes nothing writes nothing', async () => {
        const { id } = await user('lc-noop', { title: 'Same', displayName: 'Same' });
        const before = await read(`/Users/${id}`);
        const sent = await served.record(async () => {
          const answer = await patch(
            `/Users/${id}`,
            { op: 'replace', path: 'title', value: 'Same' },
            { op: 'add', value: { displayName: 'Same', active: true } },
          );
          assert.deepEqual(answer.body, before);
        });
        assert.deepEqual(
          sent.filter(({ operation }) => operation !== 'search'),
          [],
        );
      });

      it('D8 U3 a rename keeps the id, changes the rest in the same request and is followed by references', async () => {
        const chief = await user('lc-chief');
        const worker = await user('lc-worker', { [enterprise]: { manager: { value: chief.id } } });
        const team = await group('lc-rename-team', [chief.id]);
        const answer = await patch(`/Users/${chief.id}`, {
          op: 'replace',
          value: { userName: 'lc-chief-2', title: 'Chief' },
        });
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        assert.equal(answer.body['id'], chief.id);
        assert.deepEqual([answer.body['userName'], answer.body['title']], ['lc-chief-2', 'Chief']);
        assert.deepEqual(await memberIds(team.id), [chief.id]);
        assert.deepEqual(await groupsOf(chief.id), [team.id]);
        const extension = (await read(`/Users/${worker.id}`))[enterprise] as JsonObject;
        assert.equal((extension['manager'] as JsonObject)['value'], chief.id);
        sameDn((await userNamed('lc-chief-2')).dn, userDn(place, 'lc-chief-2'));
      });

      it('U3 a rename to a taken name leaves everything as it was', async () => {
        await user('lc-taken');
        const { id } = await user('lc-wants');
        const before = await read(`/Users/${id}`);
        const answer = await patch(`/Users/${id}`, { op: 'replace', value: { title: 'New', userName: 'LC-TAKEN' } });
        assert.equal(answer.status, 409);
        assert.equal(answer.body['scimType'], 'uniqueness');
        assert.deepEqual(await read(`/Users/${id}`), before);
      });

      it('disables and enables, and the directory refuses and takes the bind', async () => {
        const { id } = await user('lc-lock', { password: 'first-Secret-1' });
        const dn = userDn(place, 'lc-lock');
        assert.equal(await bindsWith(dn, 'first-Secret-1'), true);
        for (const value of ['False', false]) {
          const answer = await patch(`/Users/${id}`, { op: 'replace', path: 'active', value });
          assert.equal(answer.body['active'], false);
          assert.equal(await bindsWith(dn, 'first-Secret-1'), false);
        }
        assert.deepEqual(await find('Users', 'active eq false and userName eq "lc-lock"'), [id]);
        assert.deepEqual(await find('Users', 'active eq true and userName eq "lc-lock"'), []);
        assert.equal((await patch(`/Users/${id}`, { op: 'replace', value: { active: true } })).body['active'], true);
        assert.equal(await bindsWith(dn, 'first-Secret-1'), true);
      });

      it('E50 a disabled account is not enabled by removing active', async () => {
        const { id } = await user('lc-no-active', { active: false });
        for (const operation of [
          { op: 'remove', path: 'active' },
          { op: 'replace', path: 'active', value: null },
          { op: 'replace', value: { active: null } },
        ]) {
          const answer = await patch(`/Users/${id}`, operation);
          assert.deepEqual([answer.status, answer.body['scimType']], [400, 'mutability'], JSON.stringify(operation));
        }
        for (const body of [{ active: null }, {}]) {
          const answer = await served.scim('PUT', `/Users/${id}`, {
            schemas: [urns.user],
            userName: 'lc-no-active',
            ...body,
          });
          assert.deepEqual([answer.status, answer.body['active']], [200, false]);
        }
      });

      it('a new password does not enable a disabled account', async () => {
        const { id } = await user('lc-relock', { active: false, password: 'first-Secret-1' });
        const dn = userDn(place, 'lc-relock');
        const active = async () => (await read(`/Users/${id}`))['active'];
        assert.deepEqual([await active(), await bindsWith(dn, 'first-Secret-1')], [false, false]);
        const steps: readonly [unknown, boolean][] = [
          [{ op: 'replace', path: 'password', value: 'second-Secret-2' }, false],
          [{ op: 'replace', value: { password: 'third-Secret-3', active: true } }, true],
          [{ op: 'replace', value: { password: 'fourth-Secret-4', active: false } }, false],
          [{ op: 'replace', value: { password: 'fifth-Secret-5', title: 'x' } }, false],
        ];
        for (const [operation, wanted] of steps) {
          const password = /[a-z]+-Secret-\d/.exec(JSON.stringify(operation))?.[0] ?? '';
          const answer = await patch(`/Users/${id}`, operation as JsonObject);
          assert.deepEqual([answer.status, answer.body['active']], [200, wanted], JSON.stringify(answer.body));
          assert.deepEqual([await active(), await bindsWith(dn, password)], [wanted, wanted], password);
        }
        const put = await served.scim('PUT', `/Users/${id}`, {
          schemas: [urns.user],
          userName: 'lc-relock',
          password: 'sixth-Secret-6',
        });
        assert.deepEqual([put.body['active'], await bindsWith(dn, 'sixth-Secret-6')], [false, false]);
        assert.equal(
          (await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: true })).body['active'],
          true,
        );
        assert.equal(await bindsWith(dn, 'sixth-Secret-6'), true);
      });

      it('B15 E51 sets passwords, which are hashed and never shown', async () => {
        const { id } = await user('lc-password', { password: 'one-Secret-1' });
        const dn = userDn(place, 'lc-password');
        const answer = await patch(`/Users/${id}`, { op: 'replace', path: 'password', value: 'two-Secret-2' });
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        assert.ok(!JSON.stringify(answer.body).includes('Secret'));
        assert.deepEqual([await bindsWith(dn, 'one-Secret-1'), await bindsWith(dn, 'two-Secret-2')], [false, true]);
        const stored = (await userNamed('lc-password')).first('userPassword') ?? '{hidden}';
        assert.match(stored, /^\{/);
        assert.ok(!JSON.stringify(served.observations).includes('Secret'));
      });

      it('D1-D14 PUT replaces, keeps what the mapping does not name, and GET then PUT changes nothing', async () => {
        const { id } = await user('lc-put', {
          title: 'Old',
          password: 'stay-Secret-1',
          emails: [{ value: 'lc-put@example.com', type: 'work' }],
        });
        const dn = userDn(place, 'lc-put');
        await served.directory.modify({
          dn,
          modifications: [{ operation: 'add', attribute: 'roomNumber', values: ['42'] }],
        });
        const current = await read(`/Users/${id}`);
        const again = await served.record(async () => {
          const answer = await served.scim('PUT', `/Users/${id}`, current);
          assert.equal(answer.status, 200, JSON.stringify(answer.body));
          assert.deepEqual(answer.body, current);
        });
        assert.deepEqual(
          again.filter(({ operation }) => operation !== 'search'),
          [],
        );
        const answer = await served.scim('PUT', `/Users/${id}`, {
          schemas: [urns.user],
          id: 'other',
          userName: 'lc-put',
          nickName: 'Put',
        });
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        assert.deepEqual(
          [answer.body['title'], answer.body['emails'], answer.body['nickName'], answer.body['active']],
          [undefined, undefined, 'Put', true],
        );
        assert.deepEqual((await userNamed('lc-put')).strings('roomNumber'), ['42']);
        assert.equal(await bindsWith(dn, 'stay-Secret-1'), true);
      });

      it('E6 Prefer says whether a write answers with the resource', async () => {
        const prefer = (value: string) => ({ Prefer: `return=${value}` });
        const body = { schemas: [urns.user], userName: 'lc-prefer' };
        const made = await served.scim('POST', '/Users', body, prefer('minimal'));
        assert.deepEqual([made.status, made.body, made.headers.get('preference-applied')], [201, {}, 'return=minimal']);
        const path = (made.headers.get('location') ?? '').slice(served.url.length);
        const put = await served.scim('PUT', path, { ...body, title: 'x' }, prefer('minimal'));
        assert.deepEqual([put.status, put.body], [204, {}]);
        const title = { schemas: [urns.patchOp], Operations: [{ op: 'replace', path: 'title', value: 'y' }] };
        assert.deepEqual((await served.scim('PATCH', path, title, prefer('minimal'))).status, 204);
        const answer = await served.scim('PATCH', path, title, prefer('representation'));
        assert.deepEqual(
          [answer.status, answer.body['title'], answer.headers.get('preference-applied')],
          [200, 'y', 'return=representation'],
        );
        assert.equal(answer.headers.get('etag'), (await served.scim('GET', path)).headers.get('etag'));
        assert.equal((await served.scim('GET', path)).headers.get('preference-applied'), null);
      });

      it('F1-F7 deletes, and nothing is left of the user', async () => {
        const { id } = await user('lc-leaver');
        const stays = await user('lc-stays', { [enterprise]: { manager: { value: id } } });
        const team = await group('lc-leaver-team', [id, stays.id]);
        assert.equal((await served.scim('DELETE', `/Users/${id}`)).status, 204);
        for (const method of ['GET', 'DELETE']) assert.equal((await served.scim(method, `/Users/${id}`)).status, 404);
        assert.deepEqual(await memberIds(team.id), [stays.id]);
        assert.equal((await read(`/Users/${stays.id}`))[enterprise], undefined);
        assert.deepEqual(await find('Users', 'userName eq "lc-leaver"'), []);
        await user('lc-leaver');
      });
    });

    describe('groups', () => {
      it('Q12 the first member comes and the last one goes', async () => {
        const one = await user('lc-m1');
        const { id } = await group('lc-empty');
        assert.deepEqual(await memberIds(id), []);
        await patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: one.id }] });
        assert.deepEqual(await memberIds(id), [one.id]);
        sameDn((await entryOf(place.groupsDn, 'cn', 'lc-empty')).first('member'), userDn(place, 'lc-m1'));
        const gone = await patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${one.id}"]` });
        assert.equal(gone.status, 204, JSON.stringify(gone.body));
        assert.deepEqual(await memberIds(id), []);
        assert.deepEqual(await groupsOf(one.id), []);
      });

      it('E46 members by every form of PATCH and PUT', async () => {
        const [a, b, c] = [await user('lc-a'), await user('lc-b'), await user('lc-c')];
        const { id } = await group('lc-forms', [a.id]);
        const path = `/Groups/${id}`;
        const steps: readonly [JsonObject, readonly string[]][] = [
          [{ op: 'Add', path: 'members', value: [{ $ref: null, value: b.id }] }, [a.id, b.id]],
          [{ op: 'add', path: 'members', value: [{ value: b.id }, { value: c.id }] }, [a.id, b.id, c.id]],
          [{ op: 'Remove', path: 'members', value: [{ value: a.id }] }, [b.id, c.id]],
          [{ op: 'remove', path: 'members', value: [] }, [b.id, c.id]],
          [{ op: 'remove', path: `members[value eq "${a.id}"]` }, [b.id, c.id]],
          [{ op: 'replace', path: 'members', value: [{ value: a.id }, { value: b.id }] }, [a.id, b.id]],
          [{ op: 'add', value: { members: [{ value: c.id }] } }, [a.id, b.id, c.id]],
          [{ op: 'remove', path: 'members' }, []],
          [{ op: 'add', path: 'members', value: { value: c.id } }, [c.id]],
        ];
        for (const [operation, ids] of steps) {
          const answer = await patch(path, operation);
          assert.equal(answer.status, 204, `${JSON.stringify(operation)}: ${JSON.stringify(answer.body)}`);
          assert.deepEqual(await memberIds(id), [...ids].sort(), JSON.stringify(operation));
        }
        const put = await served.scim('PUT', path, {
          schemas: [urns.group],
          displayName: 'lc-forms',
          members: [{ value: a.id }],
        });
        assert.equal(put.status, 200, JSON.stringify(put.body));
        assert.deepEqual(await memberIds(id), [a.id]);
        await served.scim('PUT', path, { schemas: [urns.group], displayName: 'lc-forms-2' });
        assert.deepEqual(await memberIds(id), [a.id]);
        const okta = await patch(path, { op: 'replace', value: { id, displayName: 'lc-forms-3' } });
        assert.equal(okta.status, 204, JSON.stringify(okta.body));
        assert.equal((await read(path))['displayName'], 'lc-forms-3');
      });

      it('adding members is one modify, and no search reads the members', async () => {
        const [a, b, c] = [await user('lc-one-a'), await user('lc-one-b'), await user('lc-one-c')];
        const { id } = await group('lc-one', [a.id]);
        const sent = await served.record(async () => {
          const answer = await patch(`/Groups/${id}`, {
            op: 'add',
            path: 'members',
            value: [{ value: b.id }, { value: c.id }],
          });
          assert.equal(answer.status, 204);
        });
        assert.equal(sent.filter(({ operation }) => operation === 'modify').length, 1);
        assert.deepEqual(
          sent.filter(
            ({ operation, request }) =>
              operation === 'search' && (request['attributes'] as string[]).includes('member'),
          ),
          [],
        );
        assert.deepEqual(await memberIds(id), [a.id, b.id, c.id].sort());
      });

      it('100 members added side by side are all there', async () => {
        const users = await Promise.all(Array.from({ length: 100 }, (_, index) => user(`lc-many-${index}`)));
        const { id } = await group('lc-many');
        const answers = await Promise.all(
          users.map((each) => patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: each.id }] })),
        );
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [204]);
        assert.deepEqual(await memberIds(id), users.map((each) => each.id).sort());
        const removed = await Promise.all(
          users.map((each) => patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${each.id}"]` })),
        );
        assert.deepEqual([...new Set(removed.map(({ status }) => status))], [204]);
        assert.deepEqual(await memberIds(id), []);
      });

      it('groups hold groups', async () => {
        const inner = await group('lc-inner');
        const outer = await group('lc-outer', [inner.id]);
        const [member] = (await read(`/Groups/${outer.id}`))['members'] as unknown as Element[];
        assert.deepEqual([member?.value, member?.type, member?.display], [inner.id, 'Group', 'lc-inner']);
      });

      it('a group renamed keeps its id and its members', async () => {
        const one = await user('lc-g-user');
        const { id } = await group('lc-g-old', [one.id]);
        assert.equal(
          (await patch(`/Groups/${id}`, { op: 'replace', path: 'displayName', value: 'lc-g-new' })).status,
          204,
        );
        const shown = await read(`/Groups/${id}`);
        assert.equal(shown['displayName'], 'lc-g-new');
        assert.deepEqual(await memberIds(id), [one.id]);
        assert.equal(((await read(`/Users/${one.id}`))['groups'] as unknown as Element[])[0]?.display, 'lc-g-new');
      });

      it('L2 L3 the entity tag of a user changes with the groups, and only with a change', async () => {
        const one = await user('lc-etag');
        const { id } = await group('lc-etag-team');
        const path = `/Users/${one.id}`;
        const tag = async (query = ''): Promise<string> =>
          (await served.scim('GET', `${path}${query}`)).headers.get('etag') ?? '';
        const before = await tag();
        assert.deepEqual([await tag(), await tag('?attributes=userName')], [before, before]);
        assert.equal((await served.scim('GET', path, undefined, { 'If-None-Match': before })).status, 304);
        await patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: one.id }] });
        assert.notEqual(await tag(), before);
        assert.equal((await served.scim('GET', path, undefined, { 'If-None-Match': before })).status, 200);
        const title = { schemas: [urns.patchOp], Operations: [{ op: 'add', path: 'title', value: 'x' }] };
        assert.equal((await served.scim('PATCH', path, title, { 'If-Match': before })).status, 412);
        const answer = await served.scim('PATCH', path, title, { 'If-Match': await tag() });
        assert.deepEqual([answer.status, answer.headers.get('etag')], [200, await tag()]);
        await patch(`/Groups/${id}`, { op: 'remove', path: 'members' });
        await served.scim('PATCH', path, { schemas: [urns.patchOp], Operations: [{ op: 'remove', path: 'title' }] });
        assert.notEqual(await tag(), before);
      });

      it('K11 the members are not read where the client does not want them', async () => {
        const one = await user('lc-k11');
        const { id } = await group('lc-k11-team', [one.id]);
        const sent = await served.record(async () => {
          const { body } = await served.scim('GET', `/Groups/${id}?excludedAttributes=members`);
          assert.equal(body['members'], undefined);
        });
        assert.ok(
          sent.every(
            ({ request }) =>
              !(request['attributes'] as string[]).includes('member') &&
              JSON.stringify(request['controls'] ?? []) === '[]',
          ),
        );
      });
    });

    describe('bad input', () => {
      it('a name is kept whole or refused as too long, and nothing is half-done', async () => {
        const { id } = await user('lc-long');
        const titled = { op: 'replace', path: 'title', value: 'T' };
        for (const length of [200, 240, 245, 300, 3000]) {
          const userName = 'x'.repeat(length);
          const answers = [
            await served.scim('POST', '/Users', { schemas: [urns.user], userName }),
            await patch(`/Users/${id}`, titled, { op: 'replace', path: 'userName', value: `y${userName}` }),
            await served.scim('POST', '/Groups', { schemas: [urns.group], displayName: `g${userName}` }),
          ];
          for (const { status, body } of answers) {
            if (status < 300) assert.ok(String(body['userName'] ?? body['displayName']).length >= length);
            else assert.deepEqual([status, body['scimType']], [400, 'invalidValue'], JSON.stringify(body));
          }
          if (answers[1]?.status === 400) assert.equal((await read(`/Users/${id}`))['title'], undefined);
          else await patch(`/Users/${id}`, { op: 'remove', path: 'title' });
        }
      });

      it('C2 C3 C4 ids of any form that are no ids of the type are 404', async () => {
        const one = await user('lc-ids');
        const team = await group('lc-ids-team');
        const ids = [
          '00000000-0000-4000-8000-000000000000',
          team.id,
          one.id.toUpperCase(),
          '*',
          ')(',
          '%00',
          '../x',
          'a'.repeat(300),
          '%E0%A4%A',
          'x%2Fy',
          `${one.id}%00`,
          '"',
          "'",
        ];
        for (const id of ids) {
          for (const method of ['GET', 'DELETE']) {
            const answer = await served.scim(method, `/Users/${id.includes('%') ? id : encodeURIComponent(id)}`);
            assert.equal(answer.status, 404, `${method} ${id}`);
            assert.deepEqual(answer.body['schemas'], [urns.error]);
            assert.equal(answer.body['status'], '404');
          }
          const answer = await served.scim('PATCH', `/Users/${id.includes('%') ? id : encodeURIComponent(id)}`, {
            schemas: [urns.patchOp],
            Operations: [{ op: 'add', path: 'title', value: 'x' }],
          });
          assert.equal(answer.status, 404, `PATCH ${id}`);
        }
      });

      it('filter and name characters of LDAP are literals', async () => {
        const names = [
          'lc-*',
          'lc-(a)',
          'lc-a\\b',
          'lc-"q"',
          "lc-o'neil",
          'lc-a,b',
          'lc-a+b',
          'lc-#x',
          'lc-<y>',
          'lc-;z',
          ' lc-space',
          'lc-ü-日本',
        ];
        for (const name of names) {
          const created = await user(name.trim(), { displayName: name.trim() });
          assert.equal(created['userName'], name.trim());
          for (const attribute of ['userName', 'displayName']) {
            assert.deepEqual(await find('Users', `${attribute} eq ${JSON.stringify(name.trim())}`), [created.id], name);
            assert.deepEqual(await find('Users', `${attribute} sw ${JSON.stringify(name.trim())}`), [created.id], name);
          }
          const renamed = await patch(`/Users/${created.id}`, {
            op: 'replace',
            path: 'userName',
            value: `${name.trim()}-2`,
          });
          assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
          assert.equal(renamed.body['userName'], `${name.trim()}-2`);
          assert.equal((await served.scim('DELETE', `/Users/${created.id}`)).status, 204);
        }
        assert.deepEqual(await find('Users', 'userName eq "lc-*"'), []);
        assert.deepEqual(await find('Users', 'userName eq "*"'), []);
        assert.deepEqual(await find('Users', 'userName eq "lc-boss)(uid=*"'), []);
        assert.deepEqual(await find('Users', 'userName eq "a\\u0000b"'), []);
        for (const [stored, asked] of [
          ['lc-M\u00fcller', 'LC-mu\u0308ller'],
          ['lc-Mo\u0308ller', 'LC-m\u00f6ller'],
        ] as const) {
          const { id } = await user(stored, { displayName: stored });
          assert.deepEqual(await find('Users', `userName eq "${asked}"`), [id]);
          assert.deepEqual(await find('Users', `displayName sw "${asked}"`), [id]);
          assert.ok(!(await find('Users', `not (displayName eq "${asked}")`)).includes(id));
          const again = await served.scim('POST', '/Users', { schemas: [urns.user], userName: asked });
          assert.equal(again.status, 409);
        }
        const within = await served.scim('GET', `/Users?filter=${encodeURIComponent('displayName co "\\u0000"')}`);
        assert.deepEqual(
          [within.status, within.body['totalResults']],
          place.refusesNul === true ? [400, undefined] : [200, 0],
        );
      });

      it('names the attribute that the directory refuses, in SCIM terms', async () => {
        const { value, about } = place.refused ?? {
          value: { emails: [{ type: 'work', value: '\u00fcnal@example.com' }] },
          about: /^emails: /,
        };
        const answer = await served.scim('POST', '/Users', { schemas: [urns.user], userName: 'lc-blamed', ...value });
        assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidValue']);
        assert.match(String(answer.body['detail']), about);
      });

      it('refuses bad bodies with the status and scimType of the rules, and writes nothing', async () => {
        const one = await user('lc-bad');
        const team = await group('lc-bad-team', [one.id]);
        const missing = '00000000-0000-4000-8000-000000000000';
        const cases: readonly [string, string, string, unknown, number, string | undefined][] = [
          ['B16', 'POST', '/Users', '{', 400, 'invalidSyntax'],
          ['B16', 'POST', '/Users', '[]', 400, 'invalidSyntax'],
          ['B16', 'POST', '/Users', '', 400, 'invalidSyntax'],
          ['B4', 'POST', '/Users', { userName: 'lc-x' }, 400, 'invalidSyntax'],
          ['B6', 'POST', '/Users', { schemas: [urns.user] }, 400, 'invalidValue'],
          ['B6', 'POST', '/Users', { schemas: [urns.user], userName: '  ' }, 400, 'invalidValue'],
          ['B6', 'POST', '/Groups', { schemas: [urns.group] }, 400, 'invalidValue'],
          ['B7', 'POST', '/Users', { schemas: [urns.user], userName: 'LC-Bad' }, 409, 'uniqueness'],
          ['B8', 'POST', '/Groups', { schemas: [urns.group], displayName: 'lc-bad-team' }, 409, 'uniqueness'],
          ['B9', 'POST', '/Users', { schemas: [urns.user], userName: 'lc-x', active: 'maybe' }, 400, 'invalidValue'],
          ['B9', 'POST', '/Users', { schemas: [urns.user], userName: 'lc-x', emails: 'x' }, 400, 'invalidValue'],
          ['B9', 'POST', '/Users', { schemas: [urns.user], userName: 7 }, 400, 'invalidValue'],
          [
            'B21',
            'POST',
            '/Groups',
            { schemas: [urns.group], displayName: 'lc-x', members: [{ value: missing }] },
            400,
            'invalidValue',
          ],
          [
            'B21',
            'POST',
            '/Users',
            { schemas: [urns.user], userName: 'lc-x', [enterprise]: { manager: { value: 'nobody' } } },
            400,
            'invalidValue',
          ],
          [
            'type',
            'POST',
            '/Users',
            { schemas: [urns.user], userName: 'lc-x', emails: [{ type: 'moon', value: 'x@y' }] },
            400,
            'invalidValue',
          ],
          ['D6', 'PUT', `/Users/${one.id}`, { schemas: [urns.user] }, 400, 'invalidValue'],
          [
            'D14',
            'PUT',
            `/Groups/${team.id}`,
            { schemas: [urns.group], displayName: 'lc-bad-team', members: [{ value: missing }] },
            400,
            'invalidValue',
          ],
          [
            'E1',
            'PATCH',
            `/Users/${one.id}`,
            { Operations: [{ op: 'add', path: 'title', value: 'x' }] },
            400,
            'invalidSyntax',
          ],
          ['E2', 'PATCH', `/Users/${one.id}`, { schemas: [urns.patchOp], Operations: [] }, 400, 'invalidSyntax'],
          [
            'E5',
            'PATCH',
            `/Users/${one.id}`,
            {
              schemas: [urns.patchOp],
              Operations: [
                { op: 'add', path: 'title', value: 'x' },
                { op: 'remove', path: 'userName' },
              ],
            },
            400,
            'mutability',
          ],
          [
            'E46',
            'PATCH',
            `/Groups/${team.id}`,
            { schemas: [urns.patchOp], Operations: [{ op: 'add', path: 'members', value: [{ value: missing }] }] },
            400,
            'invalidValue',
          ],
          [
            'E48',
            'PATCH',
            `/Users/${one.id}`,
            { schemas: [urns.patchOp], Operations: [{ op: 'replace', path: 'id', value: 'x' }] },
            400,
            'mutability',
          ],
          [
            'E52',
            'PATCH',
            `/Users/${one.id}`,
            { schemas: [urns.patchOp], Operations: [{ op: 'add', path: 'shoeSize', value: 'x' }] },
            400,
            'invalidPath',
          ],
        ];
        const before = [await read(`/Users/${one.id}`), await read(`/Groups/${team.id}`)];
        for (const [rule, method, path, body, status, scimType] of cases) {
          const sent = await served.record(async () => {
            const answer = await served.scim(method, path, body);
            const label = `${rule} ${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`;
            assert.equal(answer.status, status, label);
            assert.equal(answer.body['scimType'], scimType, label);
            assert.deepEqual(answer.body['schemas'], [urns.error], label);
            assert.equal(answer.body['status'], String(status), label);
            assert.ok(!/dc=|uid=|ou=/.test(String(answer.body['detail'])), `O3 ${label}`);
          });
          const writes = sent.filter(({ operation }) => !['search', 'compare'].includes(operation));
          if (status !== 409) assert.deepEqual(writes, [], `${rule} ${method} ${path} ${JSON.stringify(body)}`);
        }
        assert.deepEqual([await read(`/Users/${one.id}`), await read(`/Groups/${team.id}`)], before);
      });

      it('a password that the directory refuses leaves no user behind', async () => {
        const answer = await served.scim('POST', '/Users', {
          schemas: [urns.user],
          userName: 'lc-short',
          password: 'x',
        });
        if (answer.status === 201) return;
        assert.equal(answer.status, 400, JSON.stringify(answer.body));
        assert.equal(answer.body['scimType'], 'invalidValue');
        assert.deepEqual(await find('Users', 'userName eq "lc-short"'), []);
      });
    });

    describe('lists', () => {
      it('I1-I11 pages are disjoint, complete and stable', async () => {
        await Promise.all(
          Array.from({ length: 25 }, (_, index) =>
            user(`lc-page-${String(index).padStart(2, '0')}`, { userType: 'lc-page' }),
          ),
        );
        const filter = encodeURIComponent('userType eq "lc-page"');
        const seen: string[] = [];
        for (let startIndex = 1; startIndex <= 25; startIndex += 7) {
          const { body } = await served.scim(
            'GET',
            `/Users?filter=${filter}&startIndex=${startIndex}&count=7&attributes=userName`,
          );
          assert.equal(body['totalResults'], 25);
          assert.equal(body['startIndex'], startIndex);
          const page = body['Resources'] as unknown as { id: string }[];
          assert.equal(body['itemsPerPage'], page.length);
          seen.push(...page.map(({ id }) => id));
        }
        assert.equal(new Set(seen).size, 25);
        const { body } = await served.scim('GET', `/Users?filter=${filter}&startIndex=100`);
        assert.deepEqual([body['totalResults'], body['itemsPerPage']], [25, 0]);
        const none = await served.scim('GET', `/Users?filter=${filter}&count=0`);
        assert.deepEqual([none.body['totalResults'], none.body['itemsPerPage']], [25, 0]);
      });

      it('J3 J5 .search answers as GET does', async () => {
        await user('lc-dot-search');
        const got = await served.scim(
          'GET',
          `/Users?filter=${encodeURIComponent('userName eq "lc-dot-search"')}&attributes=userName,emails`,
        );
        const posted = await served.scim('POST', '/Users/.search', {
          schemas: [urns.searchRequest],
          filter: 'userName eq "lc-dot-search"',
          attributes: ['userName', 'emails'],
        });
        assert.equal(posted.status, 200, JSON.stringify(posted.body));
        assert.deepEqual(posted.body, got.body);
      });

      it('G38 a filter that LDAP cannot say is evaluated over all candidates', async () => {
        const exact = await user('lc-res-1', { externalId: 'CaseMatters' });
        await user('lc-res-2', { externalId: 'casematters' });
        assert.deepEqual(await find('Users', 'externalId eq "CaseMatters"'), [exact.id]);
        assert.deepEqual(await find('Users', 'userName sw "lc-res-" and not (externalId sw "case")'), [exact.id]);
      });
    });
  });
}
