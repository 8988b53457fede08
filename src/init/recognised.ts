// What becomes of a survey: which mapping fits best, and what of it has to be said otherwise here.

export interface Recognised {
  /** Mappings that ship; later ones win. */
  readonly extends: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
  readonly types: readonly RecognisedType[];
  /** What was seen, in words. */
  readonly facts: readonly string[];
  /** What may be wrong, and what to look at. */
  readonly doubts: readonly string[];
  /** Numbers for new groups are drawn from these entries, which have to be made. */
  readonly counters: readonly Counter[];
}

export interface Counter {
  readonly dn: string;
  readonly name: string;
  readonly attribute: string;
  /** The next free number. */
  readonly next: number;
}

/** What differs from the mapping that is extended, by key of the file. */
export interface RecognisedType {
  readonly name: 'User' | 'Group';
  readonly entry: ReadonlyMap<string, Override>;
  readonly attributes: ReadonlyMap<string, Override>;
}

export interface Override {
  /** As YAML. */
  readonly yaml: string;
  /** Why, for the comment. */
  readonly why: string;
}

/** What a person, or a flag, has decided. */
export interface Choices {
  readonly people?: string;
  readonly groups?: string;
  readonly userName?: string;
  /** Of people. */
  readonly id?: string;
  readonly groupId?: string;
}

/** Where what is recognised is noted down, part by part. */
export interface Notes {
  readonly user: TypeNotes;
  readonly group: TypeNotes;
  readonly facts: string[];
  readonly doubts: string[];
}

export interface TypeNotes {
  readonly entry: Map<string, Override>;
  readonly attributes: Map<string, Override>;
}

export function isNamed(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.toLowerCase();
}
