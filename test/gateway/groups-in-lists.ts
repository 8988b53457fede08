// `groups` of the users in a list: the same as of each of them alone, at the price of a few searches for the page.
import assert from 'node:assert/strict';
import type { DialectCapabilities } from '../../src/ldap/dialects/dialect.ts';
import { LdapError } from '../../src/ldap/errors.ts';
import type { SearchRequest } from '../../src/ldap/operations.ts';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import { resultCode } from '../../src/ldap/result-codes.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, type ServeOptions, servePlace, userDn } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

interface Listed {
  readonly id: string;
  readonly groups?: readonly { readonly value: string }[];
  readonly meta: { readonly version?: string };
}

export function describeGroupsInLists(
  name: string,
  start: () => Promise<LifeCycleDirectory>,
  { people = 8 } = {},
): void {
  describe(`groups of users in lists on ${name}`, function () {
    this.timeout(300_000);
    let place: LifeCycleDirectory;
    let served: ServedGateway;
    const users: string[] = [];
    /** Ids of groups by id of user. */
    const expected = new Map<string, string[]>();

    const group = async (displayName: string, members: readonly string[]): Promise<void> => {
      const body = { schemas: [urns.group], displayName, members: members.map((value) => ({ value })) };
      const id = await createIn(served, '/Groups', body);
      for (const member of members) expected.set(member, [...(expected.get(member) ?? []), id].sort());
    };

    before(async () => {
      place = await start();
      served = await servePlace(place);
      // Active Directory wants names without most of these.
      const escaped = place.naming === undefined ? 'gl #1, "Zoë" + <co>; \\ =' : 'gl #1 (Zoë) - co';
      for (const userName of ['gl-none', 'gl-one', 'gl-Case', escaped])
        users.push(await createIn(served, '/Users', { schemas: [urns.user], userName }));
      for (let index = users.length; index < people; index += 1)
        users.push(await createIn(served, '/Users', { schemas: [urns.user], userName: `gl-${index}` }));
      const [, one = '', , special = ''] = users;
      const rest = users.slice(4);
      await group('gl one', [one]);
      await group('gl, "some" + \\ <more>', [special, ...rest.slice(0, 2)]);
      await group('GL ALL BUT ONE', [special, ...rest]);
      for (let index = 0; index < 5; index += 1)
        await group(
          `gl ${index}`,
          rest.filter((_, at) => at % 5 === index),
        );
    });
    after(() => served.stop());

    const list = async (query = '', by = served): Promise<readonly Listed[]> => {
      const { status, body } = await by.scim('GET', `/Users?count=1000${query}`);
      assert.equal(status, 200, JSON.stringify(body));
      return (body['Resources'] ?? []) as unknown as readonly Listed[];
    };
    const groupsIn = ({ groups = [] }: Pick<Listed, 'groups'>): string[] => groups.map(({ value }) => value).sort();
    const holds = (listed: readonly Listed[]): void => {
      assert.equal(listed.length, people);
      for (const each of listed) assert.deepEqual(groupsIn(each), expected.get(each.id) ?? []);
    };
    const filtered = (filter: string): string => `&filter=${encodeURIComponent(filter)}`;
    /** The searches for groups, where users are so many. */
    const searches = ({ matchedValues, backLinks }: DialectCapabilities): number => {
      if (matchedValues) return Math.ceil(people / 50);
      return backLinks.has('member') ? 2 * Math.ceil(people / 100) : people;
    };

    const searchesForGroups = async (by: ServedGateway, work: () => Promise<unknown>): Promise<number> => {
      const sent = await by.record(work);
      return sent.filter(({ request }) => request['base'] === place.groupsDn).length;
    };

    it('are what each of them shows alone, with its version', async () => {
      const listed = await list();
      holds(listed);
      for (const { id, groups, meta } of listed.slice(0, 12)) {
        const { body, headers } = await served.scim('GET', `/Users/${id}`);
        assert.deepEqual(groupsIn(body as unknown as Listed), groupsIn({ groups: groups ?? [] }));
        assert.equal(headers.get('etag') ?? undefined, meta.version);
      }
    });

    it('cost a few searches where the directory tells whose they are', async () => {
      const sent = await searchesForGroups(served, () => list());
      assert.ok(sent <= searches(served.dialect.capabilities), `${sent} searches`);
    });

    it('are those of a member by another spelling of its name', async () => {
      const dn = userDn(place, 'gl-Case').toUpperCase();
      const modification = { operation: 'add', attribute: 'member', values: [dn] } as const;
      await served.directory.modify({ dn: `cn=gl one,${place.groupsDn}`, modifications: [modification] });
      const [, one = '', other = ''] = users;
      expected.set(other, expected.get(one) ?? []);
      holds(await list());
    });

    it('are looked up for those alone that match', async () => {
      const [, one = ''] = users;
      const none = async () => assert.deepEqual(await list(filtered('id sw "none"')), []);
      assert.equal(await searchesForGroups(served, none), 0);
      const sent = await searchesForGroups(served, async () => {
        const [found] = await list(filtered(`id co "${one.slice(1)}"`));
        assert.deepEqual(found && groupsIn(found), expected.get(one));
      });
      assert.equal(sent, 1);
    });

    it('and the version that covers them, can be filtered by', async () => {
      const [, one = ''] = users;
      const version = (await served.scim('GET', `/Users/${one}`)).headers.get('etag');
      if (version === null) return;
      const query = filtered(`meta.version eq ${JSON.stringify(version)}`);
      for (const shown of ['', '&attributes=userName', '&sortBy=userName'])
        assert.deepEqual(
          (await list(`${query}${shown}`)).map(({ id }) => id),
          [one],
        );
      assert.equal((await served.scim('GET', `/Users?count=0${query}`)).body['totalResults'], 1);
    });

    it('are the same where the directory is not asked to tell', async () => {
      const dialect: ServeOptions['dialect'] = (detected) => ({
        ...detected,
        capabilities: { ...detected.capabilities, matchedValues: false, backLinks: new Map() },
      });
      const careful = await servePlace(place, { dialect });
      try {
        const sent = await searchesForGroups(careful, async () => holds(await list('', careful)));
        assert.equal(sent, people);
      } finally {
        await careful.stop();
      }
    });

    /** Answers searches for groups of several users otherwise. */
    const withAnswer = async (
      answer: (search: DirectoryPort['search'], request: SearchRequest) => ReturnType<DirectoryPort['search']>,
    ): Promise<void> => {
      const port: DirectoryPort = served.directory;
      const { search } = port;
      port.search = (request, options) => {
        const several = request.base === place.groupsDn && JSON.stringify(request.filter).split('"member"').length > 2;
        return several ? answer((other) => search(other, options), request) : search(request, options);
      };
      try {
        holds(await list());
      } finally {
        port.search = search;
      }
    };

    it('are asked for one by one where the values do not come', () =>
      withAnswer((search, request) =>
        search({ ...request, attributes: request.attributes.filter((each) => each.toLowerCase() !== 'member') }),
      ));

    it('are asked for one by one where more values come than were asked for', () =>
      withAnswer((search, request) => search({ ...request, controls: [] })));

    it('are asked for in smaller parts where they are too many for one search', async () => {
      let refused = 0;
      await withAnswer((search, request) => {
        if (JSON.stringify(request.filter).split('"member"').length - 1 <= 3) return search(request);
        refused += 1;
        const stream = search({ ...request, attributes: ['1.1'], controls: [] });
        const collect = async () => {
          await stream.collect();
          throw new LdapError(resultCode.sizeLimitExceeded);
        };
        return { ...stream, collect };
      });
      const { matchedValues, backLinks } = served.dialect.capabilities;
      assert.equal(refused > 0, matchedValues || backLinks.has('member'));
    });
  });
}
