// Groups in groups: which groups a user shows where the mapping says `nested`, what filters on them find, and what it
// costs. What is expected is worked out here, from who was put into what.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parentDn } from '../../src/ldap/dn.ts';
import { evaluateFilter } from '../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../src/scim/filter/resolve.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, type ServedGateway, type ServeOptions, serveGateway } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

const PEOPLE = 12;
const GROUPS = 14;

/** Who is in which group: numbers of people and of groups. Circles and groups in themselves by chance, too. */
const [graph = []] = fc.sample(
  fc.array(
    fc.record({
      people: fc.uniqueArray(fc.nat({ max: PEOPLE - 1 }), { maxLength: 3 }),
      groups: fc.uniqueArray(fc.nat({ max: GROUPS - 1 }), { maxLength: 2 }),
    }),
    { minLength: GROUPS, maxLength: GROUPS },
  ),
  { numRuns: 1, seed: 4_711 },
);

export function describeNestedGroups(
  name: string,
  start: () => Promise<LifeCycleDirectory>,
  { groupClass = 'groupOfNames', runs = 150 } = {},
): void {
  describe(`groups in groups on ${name}`, function () {
    this.timeout(120_000);
    let place: LifeCycleDirectory;
    let options: ServeOptions;
    let served: ServedGateway;
    const people: string[] = [];
    const groups: string[] = [];

    before(async () => {
      place = await start();
      options = {
        ...place,
        mapping: place.mapping ?? 'openldap/inet-org-person-scim.yaml',
        changes: 'resourceTypes: { User: { attributes: { groups: { backlink: Group.members, nested: true } } } }',
        variables: { suffix: place.suffix, people: place.peopleDn, groups: place.groupsDn },
      };
      served = await serveGateway(options);
      for (let index = 0; index < PEOPLE; index += 1) people.push(await user(`ng-user-${index}`));
      for (let index = 0; index < GROUPS; index += 1) groups.push(await group(`ng-${index}`));
      for (const [index, members] of graph.entries()) {
        const ids = [...members.people.map((each) => people[each]), ...members.groups.map((each) => groups[each])];
        if (ids.length > 0) await join(groups[index] ?? '', ...ids.map(String));
      }
    });
    after(() => served.stop());

    const create = async (path: string, body: JsonObject): Promise<string> => {
      const answer = await served.scim('POST', path, body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return String(answer.body['id']);
    };
    const user = (userName: string) => create('/Users', { schemas: [urns.user], userName, displayName: userName });
    const group = (displayName: string) => create('/Groups', { schemas: [urns.group], displayName });
    const patch = async (id: string, operation: JsonObject): Promise<void> => {
      const message = { schemas: [urns.patchOp], Operations: [operation] };
      const { status, body } = await served.scim('PATCH', `/Groups/${id}`, message);
      assert.ok(status < 300, JSON.stringify(body));
    };
    const join = (id: string, ...members: readonly string[]) =>
      patch(id, { op: 'add', path: 'members', value: members.map((value) => ({ value })) });
    const leave = (id: string, member: string) => patch(id, { op: 'remove', path: `members[value eq "${member}"]` });
    const get = async (path: string, by = served): Promise<Answer> => {
      const answer = await by.scim('GET', path);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer;
    };
    const groupsIn = (body: JsonObject): string[] =>
      ((body['groups'] ?? []) as unknown as { value: string; type: string }[])
        .map(({ value, type }) => `${type} ${value}`)
        .sort();
    const groupsOf = async (id: string, by = served): Promise<string[]> =>
      groupsIn((await get(`/Users/${id}`, by)).body);
    const find = async (filter: string, by = served): Promise<string[]> => {
      const { body } = await get(`/Users?count=1000&attributes=id&filter=${encodeURIComponent(filter)}`, by);
      const found = (body['Resources'] ?? []) as unknown as { id: string }[];
      assert.equal(body['totalResults'], found.length);
      return found.map(({ id }) => id).sort();
    };

    /** By the graph: `direct <id>` and `indirect <id>` of a person. */
    const expected = (person: number): string[] => {
      const direct = graph.flatMap((members, index) => (members.people.includes(person) ? [index] : []));
      const reached = new Set(direct);
      for (const inner of reached)
        for (const [index, members] of graph.entries()) if (members.groups.includes(inner)) reached.add(index);
      return [...reached].map((each) => `${direct.includes(each) ? 'direct' : 'indirect'} ${groups[each]}`).sort();
    };

    it('are shown: each once, direct where it is both, and circles end', async () => {
      const all = people.map((_, person) => expected(person));
      assert.ok(all.flat().filter((each) => each.startsWith('indirect')).length > PEOPLE, 'the graph has depth');
      for (const [person, id] of people.entries()) assert.deepEqual(await groupsOf(id), all[person]);
      const { body } = await get('/Users?count=1000');
      const listed = body['Resources'] as unknown as (JsonObject & { id: string })[];
      assert.equal(listed.length, PEOPLE);
      for (const resource of listed) assert.deepEqual(groupsIn(resource), all[people.indexOf(resource.id)]);
    });

    it('cost no search for each user and level', async () => {
      const reached = new Set(people.flatMap((_, person) => expected(person).map((each) => each.split(' ')[1])));
      const sent = await served.record(() => get('/Users?count=1000'));
      // The users and their direct groups; then each group at most once, and once for all of a level.
      assert.ok(sent.length <= 2 + PEOPLE + reached.size + GROUPS, `${sent.length} operations`);
    });

    it('are found by filters, which answer as evaluating them over every resource does', async () => {
      const plain = await serveGateway({ ...options, changes: '' });
      try {
        for (const [index, id] of groups.entries()) {
          const within = (kind: string) => people.filter((_, person) => expected(person).includes(`${kind} ${id}`));
          const [direct, indirect] = [within('direct').sort(), within('indirect')];
          assert.deepEqual(await find(`groups.value eq "${id}"`), [...direct, ...indirect].sort(), `group ${index}`);
          assert.deepEqual(await find(`groups[value eq "${id}" and type eq "direct"]`), direct);
          assert.deepEqual(await find(`groups eq "${id}"`, plain), direct);
          assert.deepEqual(
            await groupsOf(people[0] ?? '', plain),
            expected(0).filter((each) => each.startsWith('direct')),
          );
        }
      } finally {
        await plain.stop();
      }
      const { body } = await get('/Users?count=1000');
      const all = body['Resources'] as unknown as JsonObject[];
      const type = served.mapping.resourceTypes.find((each) => each.type.name === 'User')?.type;
      assert.ok(type);
      const anyId = fc.constantFrom(...groups, people[0] ?? '', 'nonsense').map((id) => JSON.stringify(id));
      const atom = fc.oneof(
        fc
          .tuple(fc.constantFrom('groups.value', 'groups'), fc.constantFrom('eq', 'ne', 'sw'), anyId)
          .map((parts) => parts.join(' ')),
        fc
          .tuple(anyId, fc.constantFrom('direct', 'indirect'))
          .map(([id, kind]) => `groups[value eq ${id} and type eq "${kind}"]`),
        fc.constantFrom(
          'groups pr',
          'groups.type eq "indirect"',
          'groups.type ne "direct"',
          'groups.display co "1"',
          'userName ew "1"',
        ),
      );
      const { filter } = fc.letrec<{ filter: string }>((tie) => ({
        filter: fc.oneof(
          { maxDepth: 3, depthIdentifier: 'nested' },
          atom,
          fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map((parts) => `(${parts.join(' ')})`),
          tie('filter').map((inner) => `not (${inner})`),
        ),
      }));
      await fc.assert(
        fc.asyncProperty(filter, async (text) => {
          const resolved = resolveFilter(parseFilter(text), type);
          const wanted = all.filter((resource) => evaluateFilter(resolved, resource)).map(({ id }) => String(id));
          assert.deepEqual(await find(text), wanted.sort(), text);
        }),
        { numRuns: runs },
      );
    });

    it('are part of the version: it changes when a group joins another, and when direct becomes indirect', async () => {
      const [id, inner, middle, outer] = [
        await user('ng-versioned'),
        await group('ng-inner'),
        await group('ng-middle'),
        await group('ng-outer'),
      ];
      const versions: string[] = [];
      const look = async (...shown: string[]): Promise<void> => {
        const answer = await get(`/Users/${id}`);
        assert.deepEqual(groupsIn(answer.body), shown.sort());
        const etag = answer.headers.get('etag') ?? '';
        assert.notEqual(etag, versions.at(-1));
        versions.push(etag);
        const same = await served.scim('GET', `/Users/${id}`, undefined, { 'If-None-Match': etag });
        assert.equal(same.status, 304);
        const { body } = await get(`/Users?attributes=meta&filter=${encodeURIComponent(`id eq "${id}"`)}`);
        const [listed] = body['Resources'] as unknown as { meta: { version: string } }[];
        assert.equal(listed?.meta.version, etag);
      };
      await look();
      await join(inner, id);
      await look(`direct ${inner}`);
      await join(middle, inner, id);
      await look(`direct ${inner}`, `direct ${middle}`);
      await leave(middle, id);
      await look(`direct ${inner}`, `indirect ${middle}`);
      await join(outer, middle);
      await look(`direct ${inner}`, `indirect ${middle}`, `indirect ${outer}`);
      const Operations = [{ op: 'replace', path: 'displayName', value: 'Changed' }];
      const message = { schemas: [urns.patchOp], Operations };
      const stale = await served.scim('PATCH', `/Users/${id}`, message, { 'If-Match': versions.at(-2) ?? '' });
      assert.equal(stale.status, 412);
      assert.equal((await served.scim('DELETE', `/Groups/${middle}`)).status, 204);
      await look(`direct ${inner}`);
    });

    it('go over resources alone: not by a group outside of the mapping', async () => {
      const [id, inner, outer] = [await user('ng-alone'), await group('ng-alone-inner'), await group('ng-alone-outer')];
      await join(inner, id);
      const dn = `cn=ng-stranger,${parentDn(place.groupsDn)}`;
      const attributes = [
        { type: 'objectClass', values: [groupClass] },
        { type: 'member', values: [`cn=ng-alone-inner,${place.groupsDn}`] },
      ];
      await served.directory.add({ dn, attributes });
      const modifications = [{ operation: 'add', attribute: 'member', values: [dn] }] as const;
      await served.directory.modify({ dn: `cn=ng-alone-outer,${place.groupsDn}`, modifications });
      assert.deepEqual(await groupsOf(id), [`direct ${inner}`]);
      assert.deepEqual(await find(`groups eq "${outer}"`), []);
      assert.deepEqual(await find(`groups eq "${inner}"`), [id]);
    });

    it('are looked at up to a limit: 400 beyond', async () => {
      const limited = await serveGateway({ ...options, limits: { maxScan: 2 } });
      try {
        const id = people.find((_, person) => expected(person).length > 2) ?? '';
        const answer = await limited.scim('GET', `/Users/${id}`);
        assert.deepEqual([answer.status, answer.body['scimType']], [400, 'tooMany']);
      } finally {
        await limited.stop();
      }
    });
  });
}
