// Object identifiers of the controls and extended operations that the protocol room reads and writes.

export const controlOid = {
  assertion: '1.3.6.1.1.12',
  preRead: '1.3.6.1.1.13.1',
  postRead: '1.3.6.1.1.13.2',
  deref: '1.3.6.1.4.1.4203.666.5.16',
  extendedDn: '1.2.840.113556.1.4.529',
  matchedValues: '1.2.826.0.1.3344810.2.3',
  sort: '1.2.840.113556.1.4.473',
  sortResponse: '1.2.840.113556.1.4.474',
  vlv: '2.16.840.1.113730.3.4.9',
  vlvResponse: '2.16.840.1.113730.3.4.10',
  pagedResults: '1.2.840.113556.1.4.319',
  permissiveModify: '1.2.840.113556.1.4.1413',
  manageDsaIt: '2.16.840.1.113730.3.4.2',
} as const;

export const extendedOid = {
  startTls: '1.3.6.1.4.1.1466.20037',
  passwordModify: '1.3.6.1.4.1.4203.1.11.1',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  cancel: '1.3.6.1.1.8',
  noticeOfDisconnection: '1.3.6.1.4.1.1466.20036',
} as const;

/** Feature (RFC 4525): the `increment` modification. */
export const FEATURE_MODIFY_INCREMENT = '1.3.6.1.1.14';
