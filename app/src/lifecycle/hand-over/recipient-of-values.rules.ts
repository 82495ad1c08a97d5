// SPDX-License-Identifier: Apache-2.0

/** To which transferee a transferred value goes: the one that the treatment of its data set names, else the only one there is; null while that is ambiguous or the named one is not among them (个人信息保护法 第二十三条: nobody receives what was told of another). */
export function goesTo(named: string | null, transferees: readonly string[]): string | null {
  if (named !== null) return transferees.includes(named) ? named : null
  return transferees.length === 1 ? (transferees[0] ?? null) : null
}
