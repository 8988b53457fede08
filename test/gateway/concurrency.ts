// Writes that meet: nothing is lost, and what fails leaves nothing behind.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

export function describeConcurrency(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`writes that meet on ${name}`, () => {
    /** Two gateways, as two replicas are: they share the directory and nothing else. */
    let one: ServedGateway;
    let two: ServedGateway;
    let place: LifeCycleDirectory;

    before(async () => {
      place = await start();
      [one, two] = [await servePlace(place), await servePlace(place)];
    });
    after(async () => {
      await one.stop();
      await two.stop();
    });

    const create = async (type: string, body: JsonObject): Promise<string> => {
      const answer = await one.scim('POST', `/${type}`, body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return String(answer.body['id']);
    };
    const user = (userName: string, more: JsonObject = {}) =>
      create('Users', { schemas: [urns.user], userName, ...more });
    const patch = (served: ServedGateway, path: string, ...operations: JsonObject[]) =>
      served.scim('PATCH', path, { schemas: [urns.patchOp], Operations: operations });

    it('one userName asked for by many at once is given once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : two).scim('POST', '/Users', {
            schemas: [urns.user],
            userName: index % 3 === 0 ? 'RACE' : 'race',
          }),
        ),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array.from({ length: 19 }, () => 409)]);
    });

    it('e-mails appended by two replicas at once are all there', async () => {
      const id = await user('append');
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          patch(index % 2 === 0 ? one : two, `/Users/${id}`, {
            op: 'add',
            path: 'emails',
            value: [{ type: 'home', value: `m${index}@example.com` }],
          }),
        ),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      for (const { status, headers } of refused) assert.deepEqual([status, headers.has('retry-after')], [503, true]);
      const { body } = await one.scim('GET', `/Users/${id}`);
      assert.equal((body['emails'] as unknown[]).length, 30 - refused.length);
    });

    it('L5 L9 of many writers with the same If-Match one wins', async () => {
      const id = await user('if-match', { title: '0' });
      const etag = (await one.scim('GET', `/Users/${id}`)).headers.get('etag') ?? '';
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          (index % 2 === 0 ? one : two).scim(
            'PATCH',
            `/Users/${id}`,
            { schemas: [urns.patchOp], Operations: [{ op: 'replace', path: 'title', value: String(index + 1) }] },
            { 'If-Match': etag },
          ),
        ),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 11 }, () => 412)]);
      const winner = answers.findIndex(({ status }) => status === 200);
      assert.equal((await one.scim('GET', `/Users/${id}`)).body['title'], String(winner + 1));
    });

    it('L5 If-Match holds for changes that read nothing and for DELETE', async () => {
      const member = await user('if-match-member');
      const id = await create('Groups', { schemas: [urns.group], displayName: 'if-match-group' });
      const stale = (await one.scim('GET', `/Groups/${id}`)).headers.get('etag') ?? '';
      const add = { schemas: [urns.patchOp], Operations: [{ op: 'add', path: 'members', value: [{ value: member }] }] };
      assert.equal((await one.scim('PATCH', `/Groups/${id}`, add, { 'If-Match': stale })).status, 204);
      assert.equal((await one.scim('PATCH', `/Groups/${id}`, add, { 'If-Match': stale })).status, 412);
      assert.equal((await one.scim('DELETE', `/Groups/${id}`, undefined, { 'If-Match': stale })).status, 412);
      assert.equal((await one.scim('DELETE', `/Groups/${id}`, undefined, { 'If-Match': '*' })).status, 204);
    });

    it('a single value that was unset, set by two replicas at once, is one value', async () => {
      for (const attribute of ['title', 'displayName']) {
        const id = await user(`unset-${attribute}`);
        const answers = await Promise.all(
          Array.from({ length: 16 }, (_, index) =>
            patch(index % 2 === 0 ? one : two, `/Users/${id}`, { op: 'replace', path: attribute, value: `v${index}` }),
          ),
        );
        const refused = answers.filter(({ status }) => status !== 200);
        for (const { status, headers } of refused) assert.deepEqual([status, headers.has('retry-after')], [503, true]);
        const { entries } = await one.directory
          .search({
            base: place.peopleDn,
            scope: 'subtree',
            filter: {
              kind: 'equality',
              attribute: place.naming?.attribute ?? 'uid',
              value: `unset-${attribute}`,
            },
            attributes: [attribute],
          })
          .collect();
        assert.equal(
          entries[0]?.strings(attribute).length,
          1,
          `${attribute}: ${entries[0]?.strings(attribute).join()}`,
        );
      }
    });

    it('members added and removed at once by two replicas end as the last word on each says', async () => {
      const users = await Promise.all(Array.from({ length: 20 }, (_, index) => user(`cross-${index}`)));
      const id = await create('Groups', {
        schemas: [urns.group],
        displayName: 'cross',
        members: users.slice(0, 10).map((value) => ({ value })),
      });
      const answers = await Promise.all(
        users.map((value, index) =>
          index < 10
            ? patch(one, `/Groups/${id}`, { op: 'remove', path: `members[value eq "${value}"]` })
            : patch(two, `/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] }),
        ),
      );
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [204]);
      const { body } = await one.scim('GET', `/Groups/${id}`);
      assert.deepEqual(
        (body['members'] as unknown as { value: string }[]).map(({ value }) => value).sort(),
        users.slice(10).sort(),
      );
    });

    it('U3 a rename that the directory refuses takes the rest of the patch back', async () => {
      const id = await user('undo', {
        title: 'Before',
        nickName: 'N',
        emails: [{ type: 'work', value: 'undo@example.com' }],
      });
      // An entry that is no user: the gateway cannot know that its name is taken.
      const { attribute, rdn, strangerClass } = place.naming ?? {
        attribute: 'uid',
        rdn: 'uid',
        strangerClass: 'account',
      };
      const dn = `${rdn}=undo-taken,${place.peopleDn}`;
      await one.directory.add({
        dn,
        attributes: [
          { type: 'objectClass', values: [strangerClass] },
          { type: attribute, values: ['undo-taken'] },
        ],
      });
      const before = (await one.scim('GET', `/Users/${id}`)).body;
      const answer = await patch(one, `/Users/${id}`, {
        op: 'replace',
        value: {
          title: 'After',
          userName: 'undo-taken',
          emails: [{ type: 'home', value: 'x@example.com' }],
          locale: 'de',
        },
      });
      assert.deepEqual([answer.status, answer.body['scimType']], [409, 'uniqueness']);
      const { meta: _before, ...was } = before;
      const { meta: _after, ...now } = (await one.scim('GET', `/Users/${id}`)).body;
      assert.deepEqual(now, was);
      await one.directory.delete({ dn });
    });

    it('a user deleted while members are added leaves no dangling member', async () => {
      const [leaver, stays] = [await user('dangling-1'), await user('dangling-2')];
      const id = await create('Groups', {
        schemas: [urns.group],
        displayName: 'dangling',
        members: [{ value: leaver }],
      });
      await Promise.all([
        one.scim('DELETE', `/Users/${leaver}`),
        patch(two, `/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: stays }] }),
      ]);
      const { entries } = await one.directory
        .search({
          base: place.groupsDn,
          scope: 'subtree',
          filter: { kind: 'equality', attribute: 'cn', value: 'dangling' },
          attributes: ['member'],
        })
        .collect();
      assert.ok(!entries[0]?.strings('member').some((dn) => dn.includes('dangling-1')));
    });
  });
}
