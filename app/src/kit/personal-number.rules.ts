// SPDX-License-Identifier: Apache-2.0

/** Whether words that are kept in clear (a document number, a version, an incident number) hold a mobile or identity number: those are personal wherever they stand (个人信息保护法 第四条). */
export function holdsPersonalNumber(text: string): boolean {
  const plain = text.normalize('NFKC')
  return /(^|\D)(1[3-9]\d{9}|\d{17}[\dXx])(\D|$)/.test(plain) || /(^|\D)1[3-9]\d[-. ]\d{4}[-. ]\d{4}(\D|$)/.test(plain)
}
