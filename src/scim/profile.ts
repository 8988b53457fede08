// Client profiles: the few leniencies that contradict a MUST, or where clients disagree, as data (conformance.md part 0).

export interface ClientProfile {
  readonly name: string;
  /** B5: unknown attributes and URNs in POST, PUT and path-less PATCH values. */
  readonly unknownAttributes: 'ignore' | 'reject';
  /** E34, E36: replace through a value path that matches nothing. */
  readonly replaceWithoutMatch: 'noTarget' | 'create';
  /** E6: status of a successful PATCH. */
  readonly patchResponse: 'byType' | 'representation' | 'minimal';
}

export const interop: ClientProfile = {
  name: 'interop',
  unknownAttributes: 'ignore',
  replaceWithoutMatch: 'noTarget',
  patchResponse: 'byType',
};

/** By name; a new profile is one record here. */
export const clientProfiles: ReadonlyMap<string, ClientProfile> = new Map(
  [
    interop,
    { ...interop, name: 'strict', unknownAttributes: 'reject' } as const,
    { ...interop, name: 'entra', replaceWithoutMatch: 'create' } as const,
  ].map((profile) => [profile.name, profile]),
);
