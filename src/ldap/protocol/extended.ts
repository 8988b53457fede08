// Values of the extended operations in use, both directions: password modify (RFC 3062) and cancel (RFC 3909). StartTLS
// and "who am I" have none.
import type { PasswordModifyRequest } from '../operations.ts';
import { context, decode, encode, tag, writeSequence } from './ber.ts';

export function encodePasswordModify(request: PasswordModifyRequest): Buffer {
  return encode((writer) =>
    writeSequence(writer, tag.sequence, () => {
      writer.writeString(request.userIdentity, context(0));
      if (request.oldPassword !== undefined) writer.writeString(request.oldPassword, context(1));
      if (request.newPassword !== undefined) writer.writeString(request.newPassword, context(2));
    }),
  );
}

/** What a server reads; an absent identity is the bound one and comes as empty text. Throws `LdapProtocolError`. */
export function decodePasswordModify(value: Buffer): PasswordModifyRequest {
  return decode(value, (cursor, end) => {
    const stop = cursor.enter(tag.sequence, end);
    const optional = (number: number): string | undefined =>
      cursor.peek(stop) === context(number) ? cursor.text(context(number), stop) : undefined;
    const userIdentity = optional(0) ?? '';
    const oldPassword = optional(1);
    const newPassword = optional(2);
    return {
      userIdentity,
      ...(oldPassword === undefined ? {} : { oldPassword }),
      ...(newPassword === undefined ? {} : { newPassword }),
    };
  });
}

/** The password that the server made (RFC 3062 s2), where it made one. */
export function decodeGeneratedPassword(value: Buffer): Buffer | undefined {
  return decode(value, (cursor, end) => {
    const stop = cursor.enter(tag.sequence, end);
    return cursor.peek(stop) === context(0) ? cursor.bytes(context(0), stop) : undefined;
  });
}

export function encodeGeneratedPassword(password: string): Buffer {
  return encode((writer) => writeSequence(writer, tag.sequence, () => writer.writeString(password, context(0))));
}

export function encodeCancel(messageId: number): Buffer {
  return encode((writer) => writeSequence(writer, tag.sequence, () => writer.writeInt(messageId)));
}

export function decodeCancel(value: Buffer): number {
  return decode(value, (cursor, end) => cursor.integer(tag.integer, cursor.enter(tag.sequence, end)));
}
