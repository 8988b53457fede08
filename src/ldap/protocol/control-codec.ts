// The frame that every control travels in (RFC 4511 s4.1.11): OID, criticality, an octet string. What stands in the
// octet string is the business of request-controls.ts and response-controls.ts.
import { type BerCursor, type BerWriter, constructed, tag } from './ber.ts';

export interface WireControl {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer | undefined;
}

const CONTROLS = constructed(0);

export function writeControls(writer: BerWriter, controls: readonly WireControl[]): void {
  if (controls.length === 0) return;
  writer.startSequence(CONTROLS);
  for (const control of controls) {
    writer.startSequence(tag.sequence);
    writer.writeString(control.oid);
    if (control.critical) writer.writeBoolean(true);
    if (control.value !== undefined) writer.writeBuffer(control.value, tag.octetString);
    writer.endSequence();
  }
  writer.endSequence();
}

/** The controls after a protocol operation; none is an empty list. */
export function readControls(cursor: BerCursor, end: number): readonly WireControl[] {
  if (cursor.peek(end) !== CONTROLS) return NONE;
  const stop = cursor.enter(CONTROLS, end);
  return cursor.list(stop, () => {
    const controlEnd = cursor.enter(tag.sequence, stop);
    const oid = cursor.text(tag.octetString, controlEnd);
    const critical = cursor.peek(controlEnd) === tag.boolean && cursor.boolean(tag.boolean, controlEnd);
    const hasValue = cursor.peek(controlEnd) === tag.octetString;
    const value = hasValue ? cursor.bytes(tag.octetString, controlEnd) : undefined;
    cursor.leave(controlEnd);
    return { oid, critical, value };
  });
}

const NONE: readonly WireControl[] = [];
