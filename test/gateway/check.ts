// `check` against the live directory: a mapping that fits has no errors, one account may everything and another nothing,
// references and values that clients would lose are found; and nothing of it leaves a trace.
import assert from 'node:assert/strict';
import { checkDirectory, type DirectoryCheck } from '../../src/check/check-directory.ts';
import { createDirectory, type Directory } from '../../src/ldap/client/directory.ts';
import { equality } from '../../src/ldap/filter.ts';
import { urns } from '../../src/scim/urns.ts';
import { printProblem } from '../../src/util/problem.ts';
import { createIn, type ServedGateway, servePlace, userDn } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';
import { readEverything } from './read-everything.ts';

/** `letRead` lets everybody who is logged in see the place, where the directory does not by itself. */
export function describeCheck(
  name: string,
  start: () => Promise<LifeCycleDirectory>,
  letRead: (served: ServedGateway, place: LifeCycleDirectory) => Promise<unknown> = () => Promise.resolve(),
): void {
  describe(`check on ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;
    const password = 'Secret-Word-1';

    before(async () => {
      place = await start();
      served = await servePlace(place);
      await letRead(served, place);
      const user = await createIn(served, '/Users', {
        schemas: [urns.user],
        userName: 'checked',
        name: { givenName: 'Ch', familyName: 'Ecked' },
        title: 'Guide',
        emails: [{ type: 'work', value: 'checked@example.com' }],
        active: true,
        password,
      });
      await createIn(served, '/Groups', { schemas: [urns.group], displayName: 'checkers', members: [{ value: user }] });
    });
    after(() => served.stop());

    const run = async (
      directory: Directory | ServedGateway['directory'] = served.directory,
    ): Promise<DirectoryCheck> => {
      const { mapping, source, dialect } = served;
      return await checkDirectory({ mapping, source, dialect, directory, sample: 20 });
    };
    const codesOf = ({ problems }: DirectoryCheck, severity?: string): string[] => [
      ...new Set(
        problems.filter((each) => severity === undefined || each.severity === severity).map(({ code }) => code),
      ),
    ];
    const printed = ({ problems }: DirectoryCheck): string => problems.map(printProblem).join('\n');

    it('a mapping that fits has no errors, and nothing happens', async () => {
      const before = await readEverything(served.directory, place);
      const found = await run();
      assert.equal(await readEverything(served.directory, place), before, 'check has left a trace');
      assert.deepEqual(codesOf(found, 'error'), [], printed(found));
      // What the recipe of a server does not index is no fault of the mapping.
      assert.deepEqual(
        codesOf(found).filter((code) => code !== 'DIR015'),
        [],
        printed(found),
      );
      assert.ok(
        found.remarks.some((remark) => remark.startsWith('Round trip: 1 User entry')),
        found.remarks.join('\n'),
      );
    });

    it('an account that may not write is told of what it may not', async () => {
      const { url, tls } = place;
      await createIn(served, '/Users', {
        schemas: [urns.user],
        userName: 'stander',
        password,
        name: { familyName: 'By' },
      });
      const dn = userDn(place, 'stander');
      const bystander = createDirectory({ urls: [url], bind: { dn, password }, ...(tls === undefined ? {} : { tls }) });
      try {
        // A first logon is noted.
        await bystander.rootDse();
        const before = await readEverything(served.directory, place);
        const found = await run(bystander);
        const told = codesOf(found, 'error');
        for (const code of ['DIR020', ...(served.dialect.passwordAttribute === undefined ? [] : ['DIR022'])])
          assert.ok(told.includes(code), `${code} is not among:\n${printed(found)}`);
        const asked = found.remarks.some((remark) => remark.includes('may be renamed could not be found out'));
        assert.notEqual(told.includes('DIR021'), asked, 'renaming is either refused or not to be found out');
        assert.equal(await readEverything(served.directory, place), before, 'check has left a trace');
      } finally {
        await bystander.close();
      }
    });

    it('a reference that leads nowhere', async () => {
      const group = served.mapping.resourceTypes.find(({ type }) => type.name === 'Group');
      const attribute = group?.mappers.find(({ reference }) => reference !== undefined)?.reference?.attribute ?? '';
      const [entry] = (
        await served.directory
          .search({ base: place.groupsDn, scope: 'one', filter: equality('cn', 'checkers'), attributes: ['1.1'] })
          .collect()
      ).entries;
      const modifications = [{ operation: 'add', attribute, values: [place.groupsDn] }] as const;
      await served.directory.modify({ dn: entry?.dn ?? '', modifications });
      const found = await run();
      const problem = found.problems.find(({ code }) => code === 'DIR030');
      assert.equal(problem?.path, 'resourceTypes.Group.attributes.members', printed(found));
      assert.match(problem?.message ?? '', /^1 value of member leads to no resource, in cn=checkers,/i);
    });
  });
}
