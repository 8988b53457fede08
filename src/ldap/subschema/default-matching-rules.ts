// The matching rules that go with a syntax where a directory does not publish any (Active Directory, Samba).

interface MatchingRules {
  readonly equality?: string;
  readonly ordering?: string;
  readonly substrings?: string;
}

const CASE_IGNORE: MatchingRules = {
  equality: 'caseIgnoreMatch',
  ordering: 'caseIgnoreOrderingMatch',
  substrings: 'caseIgnoreSubstringsMatch',
};
const CASE_EXACT: MatchingRules = {
  equality: 'caseExactMatch',
  ordering: 'caseExactOrderingMatch',
  substrings: 'caseExactSubstringsMatch',
};
const INTEGER: MatchingRules = { equality: 'integerMatch', ordering: 'integerOrderingMatch' };
const OCTETS: MatchingRules = { equality: 'octetStringMatch', ordering: 'octetStringOrderingMatch' };
const TIME: MatchingRules = { equality: 'generalizedTimeMatch', ordering: 'generalizedTimeOrderingMatch' };

const STANDARD = '1.3.6.1.4.1.1466.115.121.1.';
const MICROSOFT = '1.2.840.113556.1.4.';

const rules: ReadonlyMap<string, MatchingRules> = new Map([
  [`${STANDARD}5`, OCTETS],
  [`${STANDARD}7`, { equality: 'booleanMatch' }],
  [`${STANDARD}12`, { equality: 'distinguishedNameMatch' }],
  [`${STANDARD}15`, CASE_IGNORE],
  [`${STANDARD}24`, TIME],
  [`${STANDARD}26`, CASE_EXACT],
  [`${STANDARD}27`, INTEGER],
  [`${STANDARD}36`, { equality: 'numericStringMatch', substrings: 'numericStringSubstringsMatch' }],
  [`${STANDARD}38`, { equality: 'objectIdentifierMatch' }],
  [`${STANDARD}40`, OCTETS],
  [`${STANDARD}44`, CASE_EXACT],
  [`${STANDARD}53`, TIME],
  // Case-insensitive string, large integer, case-sensitive string.
  [`${MICROSOFT}905`, CASE_IGNORE],
  [`${MICROSOFT}906`, INTEGER],
  [`${MICROSOFT}1362`, CASE_EXACT],
]);

/** Rules for a syntax OID; none where values of the syntax do not compare. */
export function defaultMatchingRules(syntax: string): MatchingRules {
  return rules.get(syntax) ?? {};
}
