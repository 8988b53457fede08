// Filters on references against evaluation in memory: managers, members and groups, alone and with others.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluateFilter } from '../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../src/scim/filter/resolve.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { ResourceType } from '../../src/scim/schema/schema.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

const PEOPLE = 16;

export function describeReferenceFilters(name: string, start: () => Promise<LifeCycleDirectory>, runs = 150): void {
  describe(`filters on references on ${name}`, function () {
    this.timeout(120_000);
    let served: ServedGateway;
    const ids: string[] = [];

    const create = async (type: string, body: JsonObject): Promise<string> => {
      const answer = await served.scim('POST', `/${type}`, body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      ids.push(String(answer.body['id']));
      return String(answer.body['id']);
    };

    before(async () => {
      const place = await start();
      served = await servePlace(place);
      const people: string[] = [];
      for (let index = 0; index < PEOPLE; index += 1) {
        const manager = people[Math.floor(index / 3)];
        people.push(
          await create('Users', {
            schemas: [urns.user, urns.enterpriseUser],
            userName: `ref-${index}`,
            displayName: index % 2 === 0 ? `Even ${index}` : `Odd ${index}`,
            ...(manager === undefined || index % 5 === 0
              ? {}
              : { [urns.enterpriseUser]: { manager: { value: manager } } }),
          }),
        );
      }
      const member = (each: string): JsonObject => ({ value: each });
      const small = await create('Groups', {
        schemas: [urns.group],
        displayName: 'Small',
        members: people.slice(0, 3).map(member),
      });
      await create('Groups', {
        schemas: [urns.group],
        displayName: 'Nested',
        members: [small, ...people.slice(2, 6)].map(member),
      });
      await create('Groups', { schemas: [urns.group], displayName: 'Empty' });
      await create('Groups', { schemas: [urns.group], displayName: 'All', members: people.map(member) });
      // A member that is gone, and one that is no resource at all.
      const gone = await create('Users', { schemas: [urns.user], userName: 'ref-gone' });
      ids.push('00000000-0000-4000-8000-000000000000', 'nonsense', gone.toUpperCase());
      // Active Directory takes no member that does not exist: an entry of another kind is one that is no resource.
      const stranger = place.naming === undefined ? `cn=elsewhere,${place.suffix}` : place.peopleDn;
      const modification = { operation: 'add', attribute: 'member', values: [stranger] } as const;
      await served.directory.modify({ dn: `cn=Small,${place.groupsDn}`, modifications: [modification] });
    });
    after(() => served.stop());

    const quoted = (text: string): string => JSON.stringify(text);
    const anyId = fc.nat().map((index) => quoted(ids[index % ids.length] ?? ''));
    const text = fc.constantFrom('Even', 'ref-1', 'Small', 'All', 'l', 'User', 'Group', '').map(quoted);
    const atoms: Readonly<Record<string, fc.Arbitrary<string>>> = {
      Users: fc.oneof(
        fc
          .tuple(
            fc.constantFrom('manager.value', 'manager', 'groups.value', 'groups', 'id'),
            fc.constantFrom('eq', 'ne', 'sw'),
            anyId,
          )
          .map((parts) => parts.join(' ')),
        fc
          .tuple(
            fc.constantFrom('manager.displayName', 'groups.display', 'userName', 'groups.type'),
            fc.constantFrom('co', 'sw', 'eq', 'ne'),
            text,
          )
          .map((parts) => parts.join(' ')),
        fc.tuple(fc.constantFrom('groups', 'manager'), anyId).map(([path, id]) => `${path}[value eq ${id}]`),
        fc.constantFrom(
          'manager pr',
          'groups pr',
          'groups.display pr',
          'manager.$ref pr',
          `schemas eq "${urns.enterpriseUser}"`,
        ),
      ),
      Groups: fc.oneof(
        fc
          .tuple(fc.constantFrom('members.value', 'members', 'id'), fc.constantFrom('eq', 'ne', 'ew'), anyId)
          .map((parts) => parts.join(' ')),
        fc
          .tuple(
            fc.constantFrom('members.type', 'members.display', 'displayName'),
            fc.constantFrom('co', 'eq', 'ne'),
            text,
          )
          .map((parts) => parts.join(' ')),
        fc.tuple(anyId, anyId).map(([a, b]) => `members[value eq ${a} or value eq ${b}]`),
        fc
          .tuple(anyId, fc.constantFrom('type eq "User"', 'type eq "Group"', 'not (type eq "User")'))
          .map(([id, rest]) => `members[value eq ${id} and ${rest}]`),
        fc.constantFrom('members pr', 'members.display pr'),
      ),
    };

    for (const [endpoint, atom] of Object.entries(atoms)) {
      it(`of ${endpoint} answer as evaluating them over every resource does`, async () => {
        const all = (await served.scim('GET', `/${endpoint}?count=1000`)).body['Resources'] as unknown as JsonObject[];
        const type = served.mapping.resourceTypes.find((each) => each.type.endpoint === `/${endpoint}`)
          ?.type as ResourceType;
        const { filter } = fc.letrec<{ filter: string }>((tie) => ({
          filter: fc.oneof(
            { maxDepth: 3, depthIdentifier: endpoint },
            atom,
            fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map((parts) => `(${parts.join(' ')})`),
            tie('filter').map((inner) => `not (${inner})`),
          ),
        }));
        await fc.assert(
          fc.asyncProperty(filter, async (given) => {
            const resolved = resolveFilter(parseFilter(given), type);
            const wanted = all.filter((resource) => evaluateFilter(resolved, resource)).map(({ id }) => String(id));
            const answer = await served.scim(
              'GET',
              `/${endpoint}?count=1000&attributes=id&filter=${encodeURIComponent(given)}`,
            );
            assert.equal(answer.status, 200, `${given}: ${JSON.stringify(answer.body)}`);
            const found = (answer.body['Resources'] as unknown as { id: string }[]).map(({ id }) => id);
            assert.deepEqual(found.sort(), wanted.sort(), given);
          }),
          { numRuns: runs },
        );
      });
    }
  });
}
