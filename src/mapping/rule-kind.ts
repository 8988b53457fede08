// What a directory's matching rule means for SCIM's own comparison. Filters are pushed down by it, so a rule that is not
// known here is one that nothing can be pushed down to.

/**
 * `ignore` and `exact` compare prepared text (RFC 4518) without and with letter case. `loose` rules hold all to be equal
 * that `ignore` does, and more: spaces and hyphens of telephone numbers, the spellings of one DN.
 */
export type RuleKind = 'ignore' | 'exact' | 'loose' | 'integer' | 'boolean' | 'time' | 'other';

const kinds: readonly (readonly [pattern: RegExp, kind: RuleKind])[] = [
  // Lists join their lines in a way that SCIM text does not.
  [/^caseignorelist/, 'other'],
  [/^caseignore/, 'ignore'],
  [/^caseexact/, 'exact'],
  [/^(?:telephonenumber|numericstring|distinguishedname|uniquemember|objectidentifier)/, 'loose'],
  [/^integer(?:ordering)?match$/, 'integer'],
  [/^booleanmatch$/, 'boolean'],
  [/^generalizedtime/, 'time'],
];

/** The rules that schemas give by number (RFC 4517 s4.2). */
const numbers: ReadonlyMap<string, RuleKind> = new Map([
  ['2.5.13.0', 'loose'],
  ['2.5.13.1', 'loose'],
  ['2.5.13.2', 'ignore'],
  ['2.5.13.3', 'ignore'],
  ['2.5.13.4', 'ignore'],
  ['2.5.13.5', 'exact'],
  ['2.5.13.6', 'exact'],
  ['2.5.13.7', 'exact'],
  ['2.5.13.8', 'loose'],
  ['2.5.13.10', 'loose'],
  ['2.5.13.13', 'boolean'],
  ['2.5.13.14', 'integer'],
  ['2.5.13.15', 'integer'],
  ['2.5.13.20', 'loose'],
  ['2.5.13.21', 'loose'],
  ['2.5.13.23', 'loose'],
  ['2.5.13.27', 'time'],
  ['2.5.13.28', 'time'],
  ['1.3.6.1.4.1.1466.109.114.1', 'exact'],
  ['1.3.6.1.4.1.1466.109.114.2', 'ignore'],
  ['1.3.6.1.4.1.1466.109.114.3', 'ignore'],
  ['1.3.6.1.4.1.4203.1.2.1', 'exact'],
]);

/** By the rule's name or OID. Without a rule nothing compares: `other`. */
export function ruleKind(rule: string | undefined): RuleKind {
  if (rule === undefined) return 'other';
  const name = rule.toLowerCase();
  return numbers.get(name) ?? kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}
