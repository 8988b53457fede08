// Objections of scim2-tester that stay, each with the clause that allows what the gateway does.

interface Explanation {
  /** Of check, resource type and attribute. */
  readonly title: RegExp;
  readonly reason: RegExp;
  readonly text: string;
}

const explanations: readonly Explanation[] = [
  {
    title: /^check_(?:add|replace)_attribute User (?:emails|phoneNumbers|ims|photos|addresses)$/,
    reason: /primary=(?:True|False)/,
    text: 'Which value is primary is not stored by these attributes: the mapping says it by type. A value shown without `primary` is one with `primary: false` (RFC 7643 s2.4), and a server may alter or ignore what is sent (RFC 7644 s3.3).',
  },
  {
    title:
      /^check_(?:add|replace)_attribute User urn:ietf:params:scim:schemas:extension:enterprise:2\.0:User(?::manager)?$/,
    reason: /unexpected value/,
    text: 'The manager comes back with `displayName`, which is readOnly and given by the server (RFC 7643 s4.3). The judge compares whole objects, readOnly parts included.',
  },
  {
    title: /^check_(?:add|replace)_attribute Group members$/,
    reason: /unexpected value/,
    text: 'Members come back with `display`, which is readOnly and given by the server (RFC 7643 s2.4). The judge compares whole objects, readOnly parts included.',
  },
  {
    title: /^check_remove_attribute User name$/,
    reason: /did not remove/,
    text: 'The object class person demands `sn` and `cn`, so the directory cannot be without them: removed names come back as the default that the mapping gives. A server may supply defaults (RFC 7644 s3.5.1, s3.3).',
  },
  {
    title: /^check_remove_attribute User active$/,
    reason: /always has a value/,
    text: 'An account is either locked or not. Removing what always has a value is refused with `mutability`, as the removal of a required attribute is (RFC 7644 s3.5.2.2).',
  },
];

/** Undefined where an objection is none that is known. */
export function explain(title: string, reason: string): string | undefined {
  return explanations.find((each) => each.title.test(title) && each.reason.test(reason))?.text;
}
