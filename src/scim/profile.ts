// Client profiles: the few leniencies that contradict a MUST, or where clients disagree, as data (conformance.md part 0).
// A switch says one thing that some code obeys; a profile is a value for each. What all clients may have without harm to
// any is no switch. docs/client-profiles.md shows the same data as a table.

/** Each value is obeyed where `switches` says what it does. */
export interface ProfileSwitches {
  readonly unknownAttributes: 'ignore' | 'reject';
  readonly missingSchema: 'reject' | 'assume';
  readonly booleanStrings: 'accept' | 'reject';
  readonly singleValues: 'unwrap' | 'exact';
  readonly pathsAsKeys: 'follow' | 'unknown';
  readonly emptyOperations: 'reject' | 'nothing';
  readonly replaceWithoutMatch: 'noTarget' | 'create';
  readonly patchResponse: 'byType' | 'representation' | 'minimal';
}

export interface ClientProfile extends ProfileSwitches {
  readonly name: string;
}

export interface SwitchDescription {
  readonly what: string;
  readonly why: string;
  readonly who: string;
}

/** Markdown, one sentence or two each. */
export const switches: Readonly<Record<keyof ProfileSwitches, SwitchDescription>> = {
  unknownAttributes: {
    what: 'Attributes and URNs that the resource type does not have, in POST, PUT and in a PATCH value without a path: left out, or 400 `invalidSyntax`. In a PATCH `path` they are always 400 `invalidPath`.',
    why: 'A client that sends more than the directory can hold should be able to write the rest; a client under test should be told.',
    who: 'Entra adds a URN of its own to groups. Conformance suites want the error.',
  },
  missingSchema: {
    what: 'POST and PUT whose `schemas` is missing or does not name the type: 400 `invalidSyntax`, or taken as the type of the endpoint.',
    why: 'RFC 7643 s3 demands the URN. The endpoint says what is meant all the same.',
    who: 'OneLogin, whose template may still carry the URN of SCIM 1.',
  },
  booleanStrings: {
    what: '`"True"` and `"false"`, in any letter case, for a boolean, in values and in filters: the boolean, or 400.',
    why: 'RFC 7643 s2.3.2 has no quotes around a boolean.',
    who: 'Entra, whose PATCH says `"False"` and whose paths say `[primary eq "True"]`.',
  },
  singleValues: {
    what: 'For a single-valued complex attribute, a list with one object, or the bare `value` of it: taken as the object, or 400 `invalidValue`.',
    why: 'Neither is an object, but nothing else can be meant.',
    who: "Entra, for a user's manager.",
  },
  pathsAsKeys: {
    what: 'Keys such as `name.givenName` or `urn:...:User:department` in a PATCH value without a path: the path that they spell, or the name of an unknown attribute.',
    why: 'RFC 7644 s3.5.2 has attribute names there, and paths in `path` only.',
    who: 'Entra with `aadOptscim062020`.',
  },
  emptyOperations: {
    what: 'PATCH with `"Operations": []`: 400 `invalidSyntax`, or a success that changes nothing.',
    why: 'RFC 7644 s3.5.2 demands one operation.',
    who: "Entra: Microsoft's validator has been seen to send it.",
  },
  replaceWithoutMatch: {
    what: 'PATCH `replace` of `emails[type eq "work"].value` where there is no such value: 400 `noTarget`, or the value is created, as `add` would.',
    why: 'RFC 7644 s3.5.2.3 demands the error.',
    who: 'Entra, which replaces what it has not added.',
  },
  patchResponse: {
    what: 'Answer to a PATCH: 200 with the resource for users and 204 for groups, 200 for all, or 204 for all. A request that asks for attributes gets 200 in any case.',
    why: 'RFC 7644 s3.5.2 allows both. A group with all its members is a long answer to the change of one.',
    who: 'Entra expects 204 for groups. Some conformance suites want 200 always.',
  },
};

export const interop: ClientProfile = {
  name: 'interop',
  unknownAttributes: 'ignore',
  missingSchema: 'reject',
  booleanStrings: 'accept',
  singleValues: 'unwrap',
  pathsAsKeys: 'follow',
  emptyOperations: 'reject',
  replaceWithoutMatch: 'noTarget',
  patchResponse: 'byType',
};

const profiles: readonly ClientProfile[] = [
  interop,
  {
    ...interop,
    name: 'strict',
    unknownAttributes: 'reject',
    booleanStrings: 'reject',
    singleValues: 'exact',
    pathsAsKeys: 'unknown',
    patchResponse: 'representation',
  },
  { ...interop, name: 'entra', emptyOperations: 'nothing', replaceWithoutMatch: 'create' },
  // Tested with what these send, and in need of nothing beyond interop so far.
  { ...interop, name: 'okta' },
  { ...interop, name: 'onelogin', missingSchema: 'assume' },
  { ...interop, name: 'sailpoint' },
  { ...interop, name: 'google' },
];

/** By name; a new profile is one record above. */
export const clientProfiles: ReadonlyMap<string, ClientProfile> = new Map(
  profiles.map((profile) => [profile.name, profile]),
);
