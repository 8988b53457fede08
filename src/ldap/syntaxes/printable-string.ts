// Printable String (RFC 4517 s3.3.29), which Telephone Number is made of as well (s3.3.31).

export const PRINTABLE_STRING = /^[A-Za-z0-9'()+,\-./:=? ]+$/;
