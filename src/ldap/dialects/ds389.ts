// 389 Directory Server. Facts from 2.3.1.
import type { DialectRecipe } from './dialect.ts';
import { ds389Indexes } from './index-source.ts';
import { ds389Landmarks } from './landmarks.ts';

export const ds389: DialectRecipe = {
  name: '389-ds',
  matches: (rootDse) => rootDse.strings('vendorName').some((name) => name === '389 Project'),
  create: ({ capabilities, codes }) => ({
    name: '389-ds',
    capabilities: {
      ...capabilities,
      // entryDN is indexed and can be searched.
      matchEntryDn: true,
      // (|(!(|(mail=*)(uid=b)))(cn=c)) finds those that have a mail, and nobody else: the negation of a list inside of a
      // disjunction is lost on the way to the indexes.
      negatesLists: false,
      // An a with a combining diaeresis and the letter ä are two values.
      preparesText: false,
      // Attributes without an ordering rule are sorted all the same; with a rule in the key the answer is 1.
      sortOrderingRule: false,
      // A group class has MAY member.
      refusesEmptyMemberList: false,
    },
    codes,
    passwordAttribute: 'userPassword',
    landmarks: ds389Landmarks,
    indexes: ds389Indexes,
  }),
};
