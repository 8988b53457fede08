/** Values are DNs (RFC 4517 s3.3.9). */
export const DN_SYNTAX = '1.3.6.1.4.1.1466.115.121.1.12';
