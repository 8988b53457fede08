// What `explain` says is what the gateway then sends, in front of the live directory; and saying it changes nothing there.
import assert from 'node:assert/strict';
import { explainEntry } from '../../src/explain/explain-entry.ts';
import { type Explainable, explainRequest, type RequestExplanation } from '../../src/explain/explain-request.ts';
import { printOperation } from '../../src/explain/print-operation.ts';
import { dnKey } from '../../src/ldap/dn.ts';
import { type SentOperation, watchDirectory } from '../../src/ldap/watch-directory.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, servePlace, userDn } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';
import { readEverything } from './read-everything.ts';

export function describeExplain(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`explain on ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;
    let subject: Explainable;
    let user: string;
    let group: string;

    before(async () => {
      place = await start();
      served = await servePlace(place);
      const { mapping, dialect } = served;
      subject = { mapping, dialect, live: served.directory, baseUrl: served.url };
      user = await createIn(served, '/Users', {
        schemas: [urns.user],
        userName: 'explained',
        name: { givenName: 'Ex', familyName: 'Plained' },
        title: 'Guide',
      });
      group = await createIn(served, '/Groups', {
        schemas: [urns.group],
        displayName: 'explainers',
        // Two: whether a directory takes the last member away only it can say.
        members: [
          { value: user },
          { value: await createIn(served, '/Users', { schemas: [urns.user], userName: 'explained-too' }) },
        ],
      });
    });
    after(() => served.stop());

    const snapshot = () => readEverything(served.directory, place);

    /** The operations that a gateway which remembers nothing sends for a request, as they were sent. */
    const sentFor = async (method: string, path: string, body?: JsonObject) => {
      const sent: SentOperation[] = [];
      const fresh = await servePlace(place);
      const { directory } = fresh;
      Object.assign(
        directory,
        watchDirectory({ ...directory }, (operation) => sent.push(operation)),
      );
      try {
        return { answer: await fresh.scim(method, path, body), sent };
      } finally {
        await fresh.stop();
      }
    };

    /** Passwords, and what is only known once a new entry is there. */
    const comparable = (operations: readonly SentOperation[]): string[] =>
      operations.map((operation) =>
        printOperation(operation)
          .replaceAll(/^(userPassword|unicodePwd)::? .*$/gm, '$1: ********')
          .replaceAll(/\(in pages of \d+\)/g, ''),
      );

    const assertSame = async (method: string, path: string, body?: JsonObject): Promise<RequestExplanation> => {
      const before = await snapshot();
      const explained = await explainRequest({ method, target: path, body }, subject);
      assert.equal(await snapshot(), before, 'explain has changed the directory');
      const { answer, sent } = await sentFor(method, path, body);
      assert.equal(explained.answer.status, answer.status, JSON.stringify([explained.answer, answer.body]));
      assert.deepEqual(comparable(explained.operations.map((each) => each.sent)).sort(), comparable(sent).sort());
      return explained;
    };

    it('a read', async () => {
      const { answer, operations } = await assertSame('GET', `/Users/${user}`);
      assert.equal(answer.body?.['userName'], 'explained');
      assert.ok(operations.every(({ milliseconds }) => milliseconds !== undefined && milliseconds >= 0));
    });

    it('a query', async () => {
      const target =
        '/Users?filter=userName%20eq%20%22explained%22%20and%20title%20sw%20%22Gui%22&attributes=userName,groups';
      const { answer, filters } = await assertSame('GET', target);
      assert.equal(answer.body?.['totalResults'], 1);
      assert.equal(filters[0]?.resourceType, 'User');
      assert.equal(filters[0]?.terms.length, 2);
    });

    it('a new member, and a filter on it', async () => {
      const operations = [{ op: 'remove', path: `members[value eq "${user}"]` }];
      await assertSame('PATCH', `/Groups/${group}`, { schemas: [urns.patchOp], Operations: operations });
      const members = [{ op: 'add', path: 'members', value: [{ value: user }] }];
      await assertSame('PATCH', `/Groups/${group}`, { schemas: [urns.patchOp], Operations: members });
      await assertSame('GET', `/Groups?filter=members%20eq%20%22${user}%22`);
    });

    it('a change, with a password that is not told', async () => {
      const body = {
        schemas: [urns.patchOp],
        Operations: [{ op: 'replace', value: { title: 'Driver', password: 'Secret-Word-1' } }],
      };
      const { operations } = await explainRequest({ method: 'PATCH', target: `/Users/${user}`, body }, subject);
      const text = operations.map(({ sent }) => JSON.stringify(sent)).join('\n');
      assert.match(text, /title/);
      assert.doesNotMatch(text, /Secret-Word-1|UwBlAGMAcgBlAHQ/);
      assert.ok(operations.some(({ writes }) => writes));
    });

    it('a create, and one that is refused', async () => {
      const body = (userName: string) => ({ schemas: [urns.user], userName, name: { familyName: 'New' } });
      const before = await snapshot();
      const made = await explainRequest({ method: 'POST', target: '/Users', body: body('explained-2') }, subject);
      assert.equal(made.answer.status, 201);
      assert.ok(made.operations.some(({ sent }) => sent.operation === 'add'));
      const taken = await explainRequest({ method: 'POST', target: '/Users', body: body('explained') }, subject);
      assert.deepEqual([taken.answer.status, taken.answer.scimType], [409, 'uniqueness']);
      assert.equal(await snapshot(), before);
    });

    it('a delete', () => assertSame('DELETE', `/Groups/${group}`));

    it('an entry, by DN and by id', async () => {
      const dn = userDn(place, 'explained');
      for (const wanted of [dn, user]) {
        const explained = await explainEntry(wanted, subject, served.source);
        assert.equal(explained.kind, 'entry');
        if (explained.kind !== 'entry') continue;
        assert.equal(dnKey(explained.dn), dnKey(dn));
        assert.equal(explained.id, user);
        const family = explained.attributes.find(({ key }) => key === 'name.familyName');
        assert.deepEqual([family?.ldapAttribute, family?.ldapValues, family?.value], ['sn', ['Plained'], 'Plained']);
        assert.match(family?.place.file ?? '', /\.yaml$/);
        assert.ok((family?.place.line ?? 0) > 1);
      }
    });

    it('an entry that is no resource, and why', async () => {
      const explained = await explainEntry(place.peopleDn, subject, served.source);
      assert.equal(explained.kind, 'none');
      assert.match(explained.kind === 'none' ? explained.reason : '', /User: it does not match entry\.filter/);
    });
  });
}
