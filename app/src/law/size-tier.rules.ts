// SPDX-License-Identifier: Apache-2.0

/** 规模档次. Size of a handler by natural persons held (law register rule A03). */
export const sizeTiers = ['small', 'normal', 'dpo', 'mass'] as const
/** One size. */
export type SizeTier = (typeof sizeTiers)[number]

/** The thresholds with their source; each includes the number itself, except that exactly 100,000 is not small (CAC 问答 2026-04; law register §1 "Numbers"). */
export const sizeThresholds = [
  { tier: 'mass', from: 10_000_000, law: '网络数据安全管理条例 第二十八条' },
  { tier: 'dpo', from: 1_000_000, law: '个人信息保护合规审计管理办法 第十二条' },
  { tier: 'normal', from: 100_000, law: '小型个人信息处理者个人信息保护简化措施规定(第25号令)' },
  { tier: 'small', from: 0, law: '小型个人信息处理者个人信息保护简化措施规定(第25号令)' },
] as const

/** The size of a handler who holds so many natural persons, with the law that draws the line (rules A02, A03). */
export function sizeTier(persons: number): { tier: SizeTier; law: string } {
  const found = sizeThresholds.find((line) => persons >= line.from) ?? sizeThresholds[3]
  return { tier: found.tier, law: found.law }
}
