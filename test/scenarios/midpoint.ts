// midPoint and other clients that are driven by discovery: what is advertised works. Every attribute of every schema of
// every type goes through POST, GET, PUT, PATCH and a filter (A13).
import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { describeClient, type Identified, list, object, type ScimClient, type StartScenario } from './client.ts';

const headers = { 'Content-Type': 'application/scim+json', Accept: 'application/scim+json' };

/** DER of two certificates that nobody trusts. */
const certificates = [
  'MIIBdzCCAR2gAwIBAgIUK/6k9wFMlsTF7TDY7ZlOLXcplbAwCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFc2NpbTEwIBcNMjYxMTI0MTIxNTAyWhgPMjEyNjEwMzExMjE1MDJaMBAxDjAMBgNVBAMMBXNjaW0xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmmwUr9r1LFb08Lckp8DJx+2wo+JltVLrLmO9vpK68SETl0GLnKywJ51BLTV3t0lAyFxpP33VMFx9/NOV3GzVP6NTMFEwHQYDVR0OBBYEFO5lOXNWB724KMGkktmuZhpmptrfMB8GA1UdIwQYMBaAFO5lOXNWB724KMGkktmuZhpmptrfMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgKDC8lu37MRVKHCeRF3YXbnggFdDnImahvy2nJBAJbusCIQC5KVAJC8vkVRAFdWWL3tVjou+QqSP8bGFvr0o4/4jW2Q==',
  'MIIBdjCCAR2gAwIBAgIUbON5N4SfhqUh3HS/Wt6g4hrvgEYwCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFc2NpbTIwIBcNMjYxMTI0MTIxNTAyWhgPMjEyNjEwMzExMjE1MDJaMBAxDjAMBgNVBAMMBXNjaW0yMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELKjKPEHtAq+z2NRUjQXTTsycnBoR5dNiBQ4ccG5kC4tZRrhJ1N4AxUQ1DHqDZLww+LNckX8LrZw4hkmp8431gKNTMFEwHQYDVR0OBBYEFC5haPbMVzBP1CUDlzyQfVcrtN0ZMB8GA1UdIwQYMBaAFC5haPbMVzBP1CUDlzyQfVcrtN0ZMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgblvKPjcAUXBFAV2UWK1BDbCJdypzqi+NKsMn21iZKdYCIBKcLV9KPZ0Eee9iFyx2Tz55CGatO+yFHuEGN6RmqYav',
];

interface Advertised {
  readonly type: JsonObject;
  readonly schema: JsonObject;
  readonly attribute: JsonObject;
  readonly extension: boolean;
}

export function describeMidPoint(start: StartScenario): void {
  describeClient(
    'midPoint',
    () => start('midpoint'),
    { headers },
    (client) => {
      it('A6 A8 every resource type leads to its schemas and to its endpoint', async () => {
        const types = list((await client.get('/ResourceTypes'))['Resources']);
        assert.deepEqual(
          types.map(({ name }) => name),
          ['User', 'Group'],
        );
        for (const type of types) {
          await client.get(`${String(type['endpoint'])}?count=1`);
          await client.get(`/Schemas/${String(type['schema'])}`);
        }
      });

      for (const [type, expected] of [
        ['User', 20],
        ['Group', 1],
      ] as const) {
        it(`A13 what is advertised of ${type} works`, async () => {
          const advertised = (await readAdvertised(client)).filter((each) => each.type['name'] === type);
          const references = [
            (await client.createUser(`${type}-target-1`)).id,
            (await client.createUser(`${type}-target-2`)).id,
          ];
          const writable = advertised.filter(({ attribute }) => isWritable(attribute));
          assert.ok(writable.length >= expected, `${writable.length}`);
          for (const each of advertised) {
            if (isWritable(each.attribute)) await tryAttribute(client, each, references);
            else await tryReadOnly(client, each);
          }
        });
      }
    },
  );
}

async function readAdvertised(client: ScimClient): Promise<Advertised[]> {
  const types = list((await client.get('/ResourceTypes'))['Resources']);
  const schemas = list((await client.get('/Schemas'))['Resources']);
  const attributesOf = (type: JsonObject, urn: JsonValue | undefined, extension: boolean): Advertised[] => {
    const schema = schemas.find(({ id }) => id === urn);
    assert.ok(schema, String(urn));
    return list(schema['attributes']).map((attribute) => ({ type, schema, attribute, extension }));
  };
  return types.flatMap((type) => [
    ...attributesOf(type, type['schema'], false),
    ...list(type['schemaExtensions']).flatMap(({ schema }) => attributesOf(type, schema, true)),
  ]);
}

function isWritable(attribute: JsonObject): boolean {
  return attribute['mutability'] !== 'readOnly';
}

async function tryAttribute(client: ScimClient, each: Advertised, references: readonly string[]): Promise<void> {
  const { type, attribute } = each;
  const name = String(attribute['name']);
  const path = pathOf(each);
  const endpoint = String(type['endpoint']);
  const [one, two] = [0, 1].map((turn) => sampleOf(attribute, name, turn, references)) as [JsonValue, JsonValue];
  const secret = attribute['returned'] === 'never';
  const check = (resource: JsonObject, value: JsonValue, step: string): void => {
    const shown = shownValue(resource, each);
    if (secret) assert.equal(shown, undefined, `${step} ${path}`);
    else assert.ok(contains(shown, value), `${step} ${path}: ${JSON.stringify(shown)} lacks ${JSON.stringify(value)}`);
  };
  const made = (await client.send('POST', endpoint, bodyOf(each, one), 201)) as Identified;
  const url = `${endpoint}/${made.id}`;
  const read = () => client.get(url);
  check(made, one, 'POST');
  check(await read(), one, 'GET');
  assert.deepEqual(await client.send('PUT', url, await read(), 200), await read());
  check(await client.send('PUT', url, bodyOf(each, two), 200), two, 'PUT');
  const patch = async (step: string, operation: JsonObject, value: JsonValue): Promise<void> => {
    await client.patch(url, type['name'] === 'Group' ? 204 : 200, operation);
    check(await read(), value, `${step} ${JSON.stringify(operation)}`);
  };
  await patch('PATCH', { op: 'replace', path, value: one }, one);
  // What holds one value of a type can take another only in its place.
  if (Array.isArray(one)) {
    await client.patch(url, type['name'] === 'Group' ? 204 : 200, { op: 'remove', path });
    assert.equal(shownValue(await read(), each), undefined, `removed ${path}`);
  }
  await patch('PATCH', { op: 'add', path, value: two }, two);
  await patch('PATCH', { op: 'replace', value: { [path]: one } }, one);
  if (!secret) await tryFilters(client, each, one, made.id);
  if (!secret) await tryParts(each, two, patch);
  if (attribute['uniqueness'] === 'server') {
    const again = await client.send('POST', endpoint, bodyOf(each, shownValue(await read(), each) ?? null), 409);
    assert.equal(again['scimType'], 'uniqueness');
  }
  if (secret) {
    // A password is changed, not taken away.
  } else if (attribute['type'] === 'boolean') {
    // An account is active or it is not: there is no third state to leave behind.
    assert.equal((await client.patch(url, 400, { op: 'remove', path }))['scimType'], 'mutability');
  } else if (attribute['required'] === true) {
    assert.equal((await client.patch(url, 400, { op: 'remove', path }))['scimType'], 'mutability');
    for (const nothing of [null, '', ' ']) {
      const refused = await client.send('POST', endpoint, bodyOf(each, nothing), 400);
      assert.equal(refused['scimType'], 'invalidValue', `${path} ${JSON.stringify(nothing)}`);
    }
  } else {
    await client.patch(url, type['name'] === 'Group' ? 204 : 200, { op: 'remove', path });
    assert.ok(!contains(shownValue(await read(), each), two), `removed ${path}`);
  }
  await client.send('DELETE', url, undefined, 204);
}

/** Each sub-attribute by itself, through a value path where the type of the value is one of several. */
async function tryParts(
  { attribute, ...each }: Advertised,
  values: JsonValue,
  patch: (step: string, operation: JsonObject, value: JsonValue) => Promise<void>,
): Promise<void> {
  const parts = list(attribute['subAttributes']).filter((part) => part['mutability'] === 'readWrite');
  const holder = pathOf({ attribute, ...each });
  for (const value of Array.isArray(values) ? list(values as JsonValue) : [object(values)]) {
    for (const part of parts) {
      const sub = String(part['name']);
      if (sub === 'type' || sub === 'primary' || value[sub] === undefined) continue;
      const typed = value['type'] !== undefined;
      const brackets = !typed ? '' : `[type eq "${String(value['type'])}"]`;
      // Without a type there is nothing to choose the value by.
      if (!typed && Array.isArray(values)) continue;
      const next = { ...(typed ? { type: value['type'] } : {}), [sub]: value[sub] } as JsonObject;
      await patch(
        'part',
        { op: 'replace', path: `${holder}${brackets}.${sub}`, value: value[sub] },
        wrap(values, next),
      );
    }
  }
}

async function tryFilters(client: ScimClient, each: Advertised, value: JsonValue, id: string): Promise<void> {
  const endpoint = String(each.type['endpoint']);
  const path = pathOf(each);
  const found = async (filter: string): Promise<void> => {
    const ids = await client.find(endpoint, filter, '&attributes=id');
    assert.ok(ids.includes(id), filter);
  };
  await found(`${path} pr`);
  if (each.attribute['type'] !== 'complex') {
    await found(`${path} eq ${JSON.stringify(value)}`);
    if (typeof value === 'string' && !['binary', 'dateTime'].includes(String(each.attribute['type']))) {
      const inOtherCase = await client.find(endpoint, `${path} eq ${JSON.stringify(otherCase(value))}`);
      assert.equal(inOtherCase.includes(id), each.attribute['caseExact'] !== true, `caseExact of ${path}`);
    }
    return;
  }
  for (const element of Array.isArray(value) ? list(value as JsonValue) : [object(value)]) {
    for (const [name, part] of Object.entries(element)) {
      await found(`${path}.${name} eq ${JSON.stringify(part)}`);
      if (Array.isArray(value)) await found(`${path}[${name} eq ${JSON.stringify(part)}]`);
    }
  }
}

function otherCase(text: string): string {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
}

/** B3 E48: ignored in a POST, refused in a PATCH. */
async function tryReadOnly(client: ScimClient, each: Advertised): Promise<void> {
  const endpoint = String(each.type['endpoint']);
  const sent: JsonValue = [{ value: 'x' }];
  const made = (await client.send('POST', endpoint, bodyOf(each, sent), 201)) as Identified;
  assert.ok(!contains(shownValue(made, each), sent));
  const refused = await client.patch(`${endpoint}/${made.id}`, 400, { op: 'remove', path: pathOf(each) });
  assert.equal(refused['scimType'], 'mutability');
}

function pathOf({ schema, attribute, extension }: Omit<Advertised, 'type'>): string {
  return extension ? `${String(schema['id'])}:${String(attribute['name'])}` : String(attribute['name']);
}

let turns = 0;

function bodyOf({ type, schema, attribute, extension }: Advertised, value: JsonValue): JsonObject {
  turns += 1;
  const name = String(attribute['name']);
  const required =
    type['name'] === 'Group' ? { displayName: `advertised ${turns}` } : { userName: `advertised-${turns}` };
  const own = extension ? { [String(schema['id'])]: { [name]: value } } : { [name]: value };
  const schemas = [String(type['schema']), ...(extension ? [String(schema['id'])] : [])];
  return { schemas, ...required, ...own } as JsonObject;
}

function shownValue(resource: JsonObject, { schema, attribute, extension }: Advertised): JsonValue | undefined {
  return (extension ? object(resource[String(schema['id'])]) : resource)[String(attribute['name'])];
}

/** A value of the advertised kind, another one each turn; of a list, one of each advertised type. */
function sampleOf(attribute: JsonObject, path: string, turn: number, references: readonly string[]): JsonValue {
  if (attribute['type'] !== 'complex') return simpleSample(attribute, path, turn);
  const parts = list(attribute['subAttributes']).filter(isWritable);
  const typed = parts.find((part) => part['name'] === 'type');
  const isReference =
    parts.some((part) => part['name'] === 'value') &&
    list(attribute['subAttributes']).some((part) => part['name'] === '$ref');
  if (isReference) {
    const reference = { value: references[turn] ?? '' };
    return attribute['multiValued'] === true ? [reference] : reference;
  }
  const typeNames = typed === undefined ? [undefined] : (typed['canonicalValues'] as unknown as readonly string[]);
  const elements = typeNames.map((type): JsonObject => {
    const data = parts.filter((part) => part['name'] !== 'type' && part['name'] !== 'primary');
    const values = data.map((part) => {
      const name = String(part['name']);
      return [name, simpleSample(part, `${path}.${name}${type === undefined ? '' : `.${type}`}`, turn)] as const;
    });
    return { ...Object.fromEntries(values), ...(type === undefined ? {} : { type }) };
  });
  return attribute['multiValued'] === true ? elements : (elements[0] ?? {});
}

function simpleSample(attribute: JsonObject, path: string, turn: number): JsonValue {
  const text = /phone/i.test(path) ? `+1 555 010${turn}` : path === 'password' ? `Sample-${turn}` : `${path} ${turn}`;
  const samples: Readonly<Record<string, JsonValue>> = {
    string: text,
    reference: `https://example.com/${path}/${turn}`,
    boolean: turn === 0,
    binary: certificates[turn] ?? '',
    integer: turn + 1,
    dateTime: `2030-01-0${turn + 1}T00:00:00.1234567Z`,
  };
  const sample = samples[String(attribute['type'])];
  assert.notEqual(sample, undefined, `a sample for ${JSON.stringify(attribute)}`);
  return sample ?? text;
}

/** One element as the attribute has it: in a list, or by itself. */
function wrap(values: JsonValue, element: JsonObject): JsonValue {
  return Array.isArray(values) ? [element] : element;
}

/** Whether everything of `expected` is shown; more may be, such as what the server adds to a reference. */
function contains(shown: JsonValue | undefined, expected: JsonValue): boolean {
  if (Array.isArray(expected)) {
    const elements = Array.isArray(shown) ? (shown as readonly JsonValue[]) : [];
    return (expected as readonly JsonValue[]).every((each) => elements.some((element) => contains(element, each)));
  }
  if (typeof expected === 'object' && expected !== null) {
    return Object.entries(expected).every(([name, value]) => contains(object(shown)[name], value as JsonValue));
  }
  return shown === expected;
}
