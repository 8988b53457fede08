// What a credential may not do, it cannot do by any door: a resource outside of its filter does not exist, an attribute
// that it may not read cannot be asked about, one that it may not write stays. The suite tries each door.
import assert from 'node:assert/strict';
import type { Permissions } from '../../src/mapping/access.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, createIn, type Send, type ServedGateway, servePlace, userDn } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

const all = ['read', 'create', 'modify', 'delete', 'setPassword'] as const;

const callers: Readonly<Record<string, { readonly permissions: Permissions }>> = {
  /** Of users those in title "Inside" alone. The directory cannot tell a blank from two, so each is looked at. */
  inside: { permissions: { User: { operations: all, filter: 'title sw "In side"' }, Group: { operations: all } } },
  reader: { permissions: { User: { operations: ['read'] }, Group: { operations: ['read'] } } },
  blind: {
    permissions: {
      User: {
        operations: ['read', 'modify'],
        unreadable: ['title', 'name.givenName', 'displayName', 'nickName', 'name.formatted'],
      },
      Group: { operations: ['read'] },
    },
  },
  narrow: {
    permissions: { User: { operations: ['read', 'create', 'modify'], unwritable: ['title', 'name.givenName'] } },
  },
  writer: { permissions: { User: { operations: ['create', 'modify'] } } },
  passwords: { permissions: { User: { operations: ['setPassword'] } } },
  groups: { permissions: { Group: { operations: ['read', 'modify'] } } },
  nobody: { permissions: {} },
};

export function describePermissions(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`permissions on ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;
    const ids = new Map<string, string>();
    const id = (each: string): string => ids.get(each) ?? '';
    const by = (caller: string): Send => served.as(caller).scim;

    before(async () => {
      place = await start();
      served = await servePlace(place, { callers });
      for (const [index, each] of ['ann', 'bob', 'cat', 'dan'].entries()) {
        const title = index < 2 ? 'In side' : 'In  side';
        const body = { ...person(`pm-${each}`), title, nickName: 'Nick' };
        ids.set(each, await createIn(served, '/Users', body));
      }
      const members = ['ann', 'cat'].map((each) => ({ value: id(each) }));
      ids.set('mixed', await createIn(served, '/Groups', { schemas: [urns.group], displayName: 'pm-mixed', members }));
    });
    after(() => served.stop());

    const person = (userName: string) => ({
      schemas: [urns.user],
      userName,
      name: { familyName: 'Person', givenName: `Given ${userName}` },
      displayName: `Shown ${userName}`,
    });
    const patchBody = (...Operations: JsonObject[]) => ({ schemas: [urns.patchOp], Operations });
    const refused = ({ status, body }: Answer, wanted: number, text: RegExp): void => {
      assert.equal(status, wanted, JSON.stringify(body));
      assert.match(String(body['detail']), text);
      assert.doesNotMatch(JSON.stringify(body), /dc=|ou=|cn=/i);
    };
    const namesIn = ({ status, body }: Answer): string[] => {
      assert.equal(status, 200, JSON.stringify(body));
      return ((body['Resources'] ?? []) as unknown as { userName: string }[]).map(({ userName }) => userName).sort();
    };
    const valuesOf = (body: JsonObject, attribute: string): string[] =>
      ((body[attribute] ?? []) as unknown as { value: string }[]).map(({ value }) => value).sort();

    describe('a resource outside of the filter', () => {
      it('is not read, changed or deleted', async () => {
        const inside = by('inside');
        assert.equal((await inside('GET', `/Users/${id('ann')}`)).status, 200);
        const title = { op: 'replace', path: 'nickName', value: 'X' };
        const none = 'x'.repeat(36);
        for (const [method, body] of [
          ['GET', undefined],
          ['PATCH', patchBody(title)],
          ['PUT', person('pm-cat')],
          ['DELETE', undefined],
        ] as const) {
          const [outside, missing] = [`/Users/${id('cat')}`, `/Users/${none}`];
          const [left, right] = [await inside(method, outside, body), await inside(method, missing, body)];
          assert.equal(left.status, 404, method);
          const same = (answer: Answer, own: string) => JSON.stringify(answer.body).replace(own, 'ID');
          assert.equal(same(left, id('cat')), same(right, none), 'nobody can tell it from one that is not there');
        }
        const stays = await served.scim('GET', `/Users/${id('cat')}`);
        assert.equal(stays.body['nickName'], 'Nick');
      });

      it('is in no list, total, order or page', async () => {
        const inside = by('inside');
        const query = `filter=${encodeURIComponent('userName sw "pm-"')}`;
        for (const more of ['', '&sortBy=title', '&sortBy=userName&sortOrder=descending', '&count=1', '&count=0']) {
          assert.equal((await inside('GET', `/Users?${query}${more}`)).body['totalResults'], 2, more);
        }
        assert.deepEqual(namesIn(await inside('GET', `/Users?${query}`)), ['pm-ann', 'pm-bob']);
        const second = namesIn(await inside('GET', `/Users?${query}&startIndex=2&count=5`));
        assert.equal(second.length, 1);
        const first = await inside('GET', `/Users?${query}&count=1&cursor`);
        const cursor = encodeURIComponent(String(first.body['nextCursor']));
        const next = await inside('GET', `/Users?${query}&count=1&cursor=${cursor}`);
        assert.deepEqual([...namesIn(first), ...namesIn(next)].sort(), ['pm-ann', 'pm-bob']);
        assert.equal(next.body['nextCursor'], undefined);
        for (const filter of [`id eq "${id('cat')}"`, 'userName eq "pm-cat"', `not (title sw "In side")`]) {
          assert.deepEqual(namesIn(await inside('GET', `/Users?filter=${encodeURIComponent(filter)}`)), [], filter);
        }
      });

      it('is not among the members of a group, and cannot be asked for there', async () => {
        const inside = by('inside');
        const { body } = await inside('GET', `/Groups/${id('mixed')}`);
        assert.deepEqual(valuesOf(body, 'members'), [id('ann')]);
        const find = async (filter: string): Promise<unknown> =>
          (await inside('GET', `/Groups?filter=${encodeURIComponent(filter)}`)).body['totalResults'];
        assert.equal(await find(`members.value eq "${id('ann')}"`), 1);
        assert.equal(await find(`members.value eq "${id('cat')}"`), 0);
        const groups = `groups.value eq "${id('mixed')}"`;
        assert.deepEqual(namesIn(await inside('GET', `/Users?filter=${encodeURIComponent(groups)}`)), ['pm-ann']);
      });

      it('cannot be put into a group, and stays where it is when others change', async () => {
        const inside = by('inside');
        const path = `/Groups/${id('mixed')}`;
        const add = (each: string) => patchBody({ op: 'add', path: 'members', value: [{ value: id(each) }] });
        refused(await inside('PATCH', path, add('dan')), 400, /no User or Group has the id|no User has the id/);
        assert.ok((await inside('PATCH', path, add('bob'))).status < 300);
        const body = { schemas: [urns.group], displayName: 'pm-mixed', members: [{ value: id('bob') }] };
        const put = await inside('PUT', path, body);
        assert.deepEqual(valuesOf(put.body, 'members'), [id('bob')]);
        const whole = await served.scim('GET', path);
        assert.deepEqual(valuesOf(whole.body, 'members'), [id('bob'), id('cat')].sort());
        const remove = patchBody({ op: 'remove', path: `members[value eq "${id('cat')}"]` });
        await inside('PATCH', path, remove);
        assert.ok(valuesOf((await served.scim('GET', path)).body, 'members').includes(id('cat')));
      });

      it('is not reached by bulk, nor by a query at the root', async () => {
        const inside = by('inside');
        const operations = [
          { method: 'DELETE', path: `/Users/${id('cat')}` },
          {
            method: 'PATCH',
            path: `/Users/${id('dan')}`,
            data: patchBody({ op: 'replace', path: 'nickName', value: 'X' }),
          },
          { method: 'POST', path: '/Users', bulkId: 'a', data: { ...person('pm-bulk'), title: 'Elsewhere' } },
        ];
        const { body } = await inside('POST', '/Bulk', { schemas: [urns.bulkRequest], Operations: operations });
        const statuses = (body['Operations'] as unknown as { status: string }[]).map(({ status }) => status);
        assert.deepEqual(statuses, ['404', '404', '403']);
        const root = await inside('GET', `/?filter=${encodeURIComponent('userName sw "pm-"')}`);
        assert.equal(root.body['totalResults'], 2);
      });

      it('cannot come to be: neither by a create nor by a change', async () => {
        const inside = by('inside');
        const outside = /would then be outside of what they have access to/;
        refused(await inside('POST', '/Users', { ...person('pm-new'), title: 'Elsewhere' }), 403, outside);
        refused(await inside('POST', '/Users', person('pm-new')), 403, outside);
        const path = `/Users/${id('bob')}`;
        const before = await served.scim('GET', path);
        for (const operation of [
          { op: 'replace', path: 'title', value: 'Elsewhere' },
          { op: 'replace', path: 'title', value: 'In  side' },
          { op: 'remove', path: 'title' },
        ]) {
          const operations = [{ op: 'replace', path: 'nickName', value: 'Changed' }, operation];
          refused(await inside('PATCH', path, patchBody(...operations)), 403, outside);
        }
        refused(await inside('PUT', path, person('pm-bob')), 403, outside);
        const after = await served.scim('GET', path);
        assert.deepEqual(after.body, before.body);
        assert.equal(
          (await served.scim('GET', `/Users?filter=${encodeURIComponent('userName eq "pm-new"')}`)).body[
            'totalResults'
          ],
          0,
        );
        const fine = await inside('POST', '/Users', { ...person('pm-new'), title: 'In side' });
        assert.equal(fine.status, 201, JSON.stringify(fine.body));
        assert.equal((await inside('DELETE', `/Users/${String(fine.body['id'])}`)).status, 204);
      });

      it('keeps its userName to itself, whoever may see it', async () => {
        const answer = await by('inside')('POST', '/Users', { ...person('pm-cat'), title: 'In side' });
        assert.equal(answer.status, 409, JSON.stringify(answer.body));
        assert.doesNotMatch(JSON.stringify(answer.body), new RegExp(id('cat')));
      });

      it('is not in the snapshot or cursor of somebody else', async () => {
        const query = `filter=${encodeURIComponent('userName sw "pm-"')}&count=1`;
        const whole = await served.scim('GET', `/Users?${query}&cursor`);
        const cursor = encodeURIComponent(String(whole.body['nextCursor']));
        refused(await by('inside')('GET', `/Users?${query}&cursor=${cursor}`), 400, /not one of this query/);
        await served.scim('GET', `/Users?${query}&startIndex=1`);
        const page = await by('inside')('GET', `/Users?${query}&startIndex=3`);
        assert.equal(page.body['totalResults'], 2);
        assert.deepEqual(namesIn(page), []);
      });

      it('of a name that others refer to is renamed for all of them', async () => {
        const old = await createIn(served, '/Users', { ...person('pm-old'), title: 'In side' });
        const members = [{ value: old }];
        const group = await createIn(served, '/Groups', { schemas: [urns.group], displayName: 'pm-held', members });
        const renamed = patchBody({ op: 'replace', path: 'userName', value: 'pm-renamed' });
        assert.equal((await by('writer')('PATCH', `/Users/${old}`, renamed)).status, 200);
        assert.deepEqual(valuesOf((await served.scim('GET', `/Groups/${group}`)).body, 'members'), [old]);
        assert.equal((await by('inside')('DELETE', `/Users/${old}`)).status, 204);
        assert.deepEqual(valuesOf((await served.scim('GET', `/Groups/${group}`)).body, 'members'), []);
      });
    });

    describe('an attribute that may not be read', () => {
      it('is never shown, whatever is asked for', async () => {
        const path = `/Users/${id('ann')}`;
        for (const query of ['', '?attributes=title,name,displayName', '?attributes=name.givenName,userName']) {
          const { status, body } = await by('blind')('GET', `${path}${query}`);
          assert.equal(status, 200);
          assert.doesNotMatch(JSON.stringify(body), /In side|Given|Shown|Nick/);
        }
        const written = await by('blind')(
          'PATCH',
          path,
          patchBody({ op: 'replace', path: 'userName', value: 'pm-ann' }),
        );
        assert.equal(written.status, 200);
        assert.doesNotMatch(JSON.stringify(written.body), /In side|Given|Shown|Nick/);
        const group = await by('blind')('GET', `/Groups/${id('mixed')}`);
        assert.doesNotMatch(JSON.stringify(group.body), /Shown/, 'nor as the name of a member');
        assert.ok(valuesOf(group.body, 'members').includes(id('cat')));
      });

      it('is not read from the directory either', async () => {
        const sent = await served.record(() => by('blind')('GET', `/Users/${id('ann')}`));
        assert.doesNotMatch(JSON.stringify(sent.map(({ request }) => request['attributes'])), /"title"|"givenName"/i);
      });

      it('cannot be found out by a filter, an order or the path of a PATCH', async () => {
        const find = (query: string) => by('blind')('GET', `/Users?${query}`);
        for (const filter of [
          'title eq "In side"',
          'title pr',
          'userName eq "pm-ann" and not (title sw "I")',
          'name.givenName co "Given"',
          'name pr',
        ]) {
          refused(
            await find(`filter=${encodeURIComponent(filter)}`),
            403,
            /may not read (title|name).*not filter by it/,
          );
        }
        for (const sortBy of ['title', 'name.givenName']) {
          refused(await find(`sortBy=${sortBy}`), 403, /may not read .*not sort by it/);
        }
        refused(await by('blind')('GET', '/?filter=title%20pr'), 403, /not filter by it/);
        const search = { schemas: [urns.searchRequest], filter: 'title pr' };
        refused(await by('blind')('POST', '/Users/.search', search), 403, /not filter by it/);
        assert.equal((await find('filter=name.familyName%20eq%20%22Person%22')).status, 200);
      });
    });

    describe('an attribute that may not be written', () => {
      it('is refused by name, and nothing is changed', async () => {
        const narrow = by('narrow');
        const path = `/Users/${id('ann')}`;
        const before = await served.scim('GET', path);
        const sealed = /may not write (title|name\.givenName)/;
        refused(await narrow('POST', '/Users', { ...person('pm-sealed') }), 403, sealed);
        for (const operation of [
          { op: 'replace', path: 'title', value: 'X' },
          { op: 'remove', path: 'title' },
          { op: 'add', path: 'name.givenName', value: 'X' },
          { op: 'replace', path: 'name', value: { givenName: 'X' } },
          { op: 'remove', path: 'name' },
          { op: 'replace', value: { nickName: 'New', title: 'X' } },
        ]) {
          refused(await narrow('PATCH', path, patchBody(operation)), 403, sealed);
        }
        refused(await narrow('PUT', path, { ...person('pm-ann'), title: 'X', nickName: 'New' }), 403, sealed);
        assert.deepEqual((await served.scim('GET', path)).body, before.body);
      });

      it('stays through a PUT that leaves it out or names it as it is', async () => {
        const narrow = by('narrow');
        const path = `/Users/${id('ann')}`;
        const { body } = await served.scim('GET', path);
        const again = await narrow('PUT', path, { ...body, nickName: 'Again' });
        assert.equal(again.status, 200, JSON.stringify(again.body));
        assert.equal(again.body['nickName'], 'Again');
        const { title: _title, name: _name, ...rest } = body;
        const without = await narrow('PUT', path, { ...rest, name: { familyName: 'Person' }, nickName: 'Nick' });
        assert.equal(without.status, 200, JSON.stringify(without.body));
        assert.equal(without.body['title'], 'In side');
        assert.equal((without.body['name'] as JsonObject)['givenName'], 'Given pm-ann');
      });
    });

    describe('an operation that is not permitted', () => {
      it('is 403, whether the resource is there or not', async () => {
        const reader = by('reader');
        for (const user of [id('ann'), 'x'.repeat(36)]) {
          const path = `/Users/${user}`;
          refused(await reader('DELETE', path), 403, /may not delete User resources/);
          refused(await reader('PUT', path, person('pm-ann')), 403, /may not modify User resources/);
          refused(await reader('PATCH', path, patchBody({ op: 'remove', path: 'title' })), 403, /may not modify/);
        }
        refused(await reader('POST', '/Users', person('pm-new')), 403, /may not create User resources/);
        assert.equal((await reader('GET', `/Users/${id('ann')}`)).status, 200);
      });

      it('shows nothing of what was written to whom may not read', async () => {
        const made = await by('writer')('POST', '/Users', { ...person('pm-written'), title: 'T' });
        assert.equal(made.status, 201, JSON.stringify(made.body));
        assert.deepEqual(Object.keys(made.body).sort(), ['id', 'meta', 'schemas']);
        const path = `/Users/${String(made.body['id'])}`;
        refused(await by('writer')('GET', path), 403, /may not read User resources/);
        refused(await by('writer')('GET', '/Users'), 403, /may not read/);
        refused(await by('writer')('GET', '/'), 403, /may not read resources of any type/);
        const changed = await by('writer')('PATCH', path, patchBody({ op: 'replace', path: 'title', value: 'U' }));
        assert.deepEqual(Object.keys(changed.body).sort(), ['id', 'meta', 'schemas']);
        assert.equal((await served.scim('GET', path)).body['title'], 'U');
        const twice = patchBody({ op: 'replace', path: 'emails[value eq "a@b.c"].type', value: 'work' });
        refused(await by('writer')('PATCH', path, twice), 403, /may not read emails/);
        assert.equal((await served.scim('DELETE', path)).status, 204);
      });

      it('is a password for whom may not set one, in whatever request', async () => {
        const path = `/Users/${id('ann')}`;
        const password = 'Correct-Horse-9-Battery';
        const set = { op: 'replace', path: 'password', value: password };
        const may = /may not set the password of User resources/;
        refused(await by('writer')('PATCH', path, patchBody(set)), 403, may);
        refused(await by('writer')('POST', '/Users', { ...person('pm-new'), password }), 403, may);
        refused(await by('writer')('PUT', path, { ...person('pm-ann'), password }), 403, may);
        const also = patchBody(set, { op: 'replace', path: 'title', value: 'X' });
        refused(await by('passwords')('PATCH', path, also), 403, /may not modify User resources/);
        const answer = await by('passwords')('PATCH', path, patchBody(set));
        assert.ok(answer.status < 300, JSON.stringify(answer.body));
      });

      it('reaches nothing of a type that is not named, not even by reference', async () => {
        const groups = by('groups');
        refused(await groups('GET', '/Users'), 403, /may not access User resources/);
        refused(await groups('GET', `/Users/${id('ann')}`), 403, /may not access User resources/);
        const { body } = await groups('GET', `/Groups/${id('mixed')}`);
        assert.deepEqual(valuesOf(body, 'members'), []);
        const add = patchBody({ op: 'add', path: 'members', value: [{ value: id('dan') }] });
        refused(await groups('PATCH', `/Groups/${id('mixed')}`, add), 400, /has the id/);
        const { body: root } = await groups('GET', '/?attributes=displayName,userName&count=1000');
        assert.doesNotMatch(JSON.stringify(root), /userName|Users/);
        for (const [method, path] of [
          ['GET', '/Users'],
          ['GET', `/Groups/${id('mixed')}`],
          ['DELETE', `/Groups/${id('mixed')}`],
        ] as const) {
          refused(await by('nobody')(method, path), 403, /may not access/);
        }
      });
    });

    it('leaves the entries of others as they are', async () => {
      const dn = userDn(place, 'pm-cat');
      const filter = { kind: 'present', attribute: 'objectClass' } as const;
      const found = served.directory.search({ base: dn, scope: 'base', filter, attributes: ['1.1'] });
      assert.equal((await found.collect()).entries.length, 1);
    });
  });
}
