// SPDX-License-Identifier: Apache-2.0

declare const personal: unique symbol

/** A decrypted value of a person (个人信息); the ledger, the proof and anything that logs may not import this type, and `npm run check` sees to it. */
export type PersonalValue = (string | Uint8Array) & { readonly [personal]: true }

/** Marks a value as personal where it enters from a source or leaves the vault. */
export function personalValue(value: string | Uint8Array): PersonalValue {
  return value as PersonalValue
}
