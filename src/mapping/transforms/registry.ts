// Every transform that a mapping file can name. A new one is a file and a line here.
import { accountLockTransform } from './account-lock.ts';
import { accountNameTransform } from './account-name.ts';
import { binaryTransform } from './binary.ts';
import { booleanTransform } from './boolean.ts';
import { decimalTransform } from './decimal.ts';
import { expiryTransform } from './expiry.ts';
import { fileTimeTransform } from './file-time.ts';
import { flagTransform } from './flag.ts';
import { generalizedTimeTransform } from './generalized-time.ts';
import { guidTransform } from './guid.ts';
import { integerTransform } from './integer.ts';
import { postalAddressTransform } from './postal-address.ts';
import { proxyAddressTransform } from './proxy-address.ts';
import { relativeIdTransform } from './relative-id.ts';
import { stringTransform } from './string.ts';
import type { TransformFactory } from './transform.ts';
import { uuidTransform } from './uuid.ts';
import { valuesTransform } from './values.ts';

/** By name. */
export const transformFactories: ReadonlyMap<string, TransformFactory> = new Map(
  [
    accountLockTransform,
    accountNameTransform,
    binaryTransform,
    booleanTransform,
    decimalTransform,
    expiryTransform,
    fileTimeTransform,
    flagTransform,
    generalizedTimeTransform,
    guidTransform,
    integerTransform,
    postalAddressTransform,
    proxyAddressTransform,
    relativeIdTransform,
    stringTransform,
    uuidTransform,
    valuesTransform,
  ].map((factory) => [factory.name, factory]),
);
