// Push-down against evaluation in memory: for random people and random filters the gateway's answer is what evaluating
// the filter over every resource gives.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluateFilter } from '../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../src/scim/filter/resolve.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

/** Few and alike, so that random filters hit: case, spaces, LDAP's special characters, letters beyond ASCII. */
const words = ['ann', 'Ann', 'ANN B', 'a*n', '(ann)', 'b\\c', 'Ünal', 'ünal', 'x', 'straße', '日本', 'ann  b'];
const word = fc.constantFrom(...words);

const strings = [
  'userName',
  'displayName',
  'title',
  'nickName',
  'externalId',
  'name.givenName',
  'name.familyName',
  'userType',
  'emails.value',
  'emails',
  'phoneNumbers.value',
  'addresses.locality',
  `${urns.enterpriseUser}:department`,
  `${urns.enterpriseUser}:employeeNumber`,
  'emails.type',
];

const person = fc.record(
  {
    displayName: word,
    title: word,
    nickName: word,
    externalId: word,
    userType: word,
    active: fc.boolean(),
    name: fc.record({ givenName: word, familyName: word }, { requiredKeys: [] }),
    emails: fc
      .tuple(
        fc.uniqueArray(
          fc.record({
            type: fc.constantFrom('work', 'home'),
            value: fc.constantFrom('a@x.example', 'B@x.example', 'c@y.example'),
          }),
          {
            minLength: 1,
            maxLength: 3,
            selector: ({ type, value }) => `${type}${value}`,
          },
        ),
        fc.nat(5),
      )
      .map(([emails, primary]) =>
        emails.map((email, index) => (index === primary ? { ...email, primary: true } : email)),
      ),
    phoneNumbers: fc.uniqueArray(
      fc.record({ type: fc.constantFrom('work', 'mobile'), value: fc.constantFrom('+1 555 1', '+15551', '+1 555-2') }),
      {
        minLength: 1,
        maxLength: 2,
        // Telephone numbers are equal without their spaces and hyphens (RFC 4517 s4.2.29).
        selector: ({ type, value }) => `${type}${value.replace(/[ -]/g, '')}`,
      },
    ),
    addresses: fc.record({ type: fc.constant('work'), locality: word }).map((address) => [address]),
    [urns.enterpriseUser]: fc.record({ department: word, employeeNumber: fc.constantFrom('1', '12', '123') }),
  },
  { requiredKeys: [] },
);

const quoted = fc
  .oneof(word, fc.constantFrom('work', 'a@x.example', 'b@X.example', '@', '12', '+1 5551', 'n'))
  .map((text) => JSON.stringify(text));
const comparison = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
const simple = fc.oneof(
  fc.tuple(fc.constantFrom(...strings), comparison, quoted).map((parts) => parts.join(' ')),
  fc
    .constantFrom(...strings, 'name', 'addresses', 'groups', 'active', `${urns.enterpriseUser}:manager`)
    .map((path) => `${path} pr`),
  fc.tuple(fc.constantFrom('eq', 'ne'), fc.boolean()).map(([operator, value]) => `active ${operator} ${value}`),
  fc
    .tuple(
      comparison.filter((each) => !['co', 'sw', 'ew'].includes(each)),
      fc.constantFrom('2020-01-01T00:00:00Z', '2099-01-01T00:00:00.5+02:00'),
    )
    .map(([operator, value]) => `meta.created ${operator} "${value}"`),
  fc.constantFrom(
    'id pr',
    'meta pr',
    `schemas eq "${urns.user}"`,
    `schemas eq "${urns.enterpriseUser}"`,
    'meta.resourceType eq "User"',
    'emails eq null',
    'title ne null',
    'emails.primary eq true',
  ),
);
const element = fc.tuple(
  fc.tuple(fc.constantFrom('type', 'value'), comparison, quoted).map((parts) => parts.join(' ')),
  fc.constantFrom('and', 'or'),
  fc.oneof(
    fc.tuple(fc.constantFrom('type', 'value'), comparison, quoted).map((parts) => parts.join(' ')),
    fc.tuple(fc.constantFrom('type', 'value'), quoted).map(([path, value]) => `not (${path} eq ${value})`),
    fc.constantFrom('value pr', 'primary pr', 'primary eq true', 'not (primary eq true)'),
  ),
);
const valuePath = fc
  .tuple(fc.constantFrom('emails', 'phoneNumbers'), element)
  .map(([path, parts]) => `${path}[${parts.join(' ')}]`);
const { filter } = fc.letrec<{ filter: string; leaf: string }>((tie) => ({
  leaf: fc.oneof({ weight: 4, arbitrary: simple }, { weight: 2, arbitrary: valuePath }),
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'filter' },
    tie('leaf'),
    fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map((parts) => `(${parts.join(' ')})`),
    tie('filter').map((inner) => `not (${inner})`),
  ),
}));

export function describeFilterProperty(
  name: string,
  start: () => Promise<LifeCycleDirectory>,
  people = 40,
  filters = 300,
): void {
  describe(`filters on ${name}`, function () {
    this.timeout(600_000);
    let served: ServedGateway;

    before(async () => {
      const place = await start();
      served = await servePlace(place);
    });
    after(() => served.stop());

    it('answer as evaluating them over every resource does', async () => {
      const sample = fc.sample(person, { numRuns: people, seed: 20_261_124 });
      const created = await Promise.all(
        sample.map((body, index) =>
          served.scim('POST', '/Users', {
            schemas: [urns.user, urns.enterpriseUser],
            ...body,
            userName: `${words[index % words.length]}-${index}`,
          }),
        ),
      );
      for (const { status, body } of created) assert.equal(status, 201, JSON.stringify(body));
      const { body } = await served.scim('GET', '/Users?count=1000');
      const all = body['Resources'] as unknown as JsonObject[];
      assert.equal(all.length, people);
      const type = served.mapping.resourceTypes.find((each) => each.type.name === 'User')?.type;
      assert.ok(type);
      await fc.assert(
        fc.asyncProperty(filter, async (text) => {
          const wanted = all
            .filter((resource) => evaluateFilter(resolveFilter(parseFilter(text), type), resource))
            .map((resource) => String(resource['id']));
          const answer = await served.scim('GET', `/Users?count=1000&attributes=id&filter=${encodeURIComponent(text)}`);
          assert.equal(answer.status, 200, `${text}: ${JSON.stringify(answer.body)}`);
          const found = ((answer.body['Resources'] ?? []) as unknown as { id: string }[]).map(({ id }) => id);
          assert.deepEqual(found.sort(), wanted.sort(), text);
          assert.equal(answer.body['totalResults'], wanted.length, text);
        }),
        // More of them, everywhere: FILTERS=10000.
        { numRuns: Number(process.env['FILTERS'] ?? filters) },
      );
    });
  });
}
