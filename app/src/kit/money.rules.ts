// SPDX-License-Identifier: Apache-2.0

const amount = /^([+-]?)(\d+)(?:\.(\d{1,2})0*)?$/

/** 金额. An amount as people write it (¥1,234.50, 1 234.5元, (12.00), 1.2万), exactly in fen; null when it is none: a number with more than two decimals, in another currency, or no number at all. */
export function fenOf(text: string): bigint | null {
  const plain = text.normalize('NFKC').replace(/[\s\u00a0_]/g, '').replace(/^人民币/, '')
  const isNegative = /^\(.*\)$/.test(plain)
  const bare = (isNegative ? plain.slice(1, -1) : plain).replace(/^([+-]?)(?:¥|RMB|CNY)/i, '$1').replace(/(?:元|圆|RMB|CNY)$/i, '')
  const isTenThousands = bare.endsWith('万')
  const number = isTenThousands ? bare.slice(0, -1) : bare
  if (number.includes(',') && !/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(number)) return null
  const found = isTenThousands ? tenThousands(number.replaceAll(',', '')) : amount.exec(number.replaceAll(',', ''))
  if (found === null) return null
  const fen = BigInt(found[2] ?? '0') * 100n + BigInt((found[3] ?? '').padEnd(2, '0') || '0')
  return (found[1] === '-') !== isNegative ? -fen : fen
}

/** 1.2 万 is 12,000: the decimals move four places. */
function tenThousands(number: string): RegExpExecArray | null {
  const parts = /^([+-]?)(\d+)(?:\.(\d{1,6}))?$/.exec(number)
  if (parts === null) return null
  const digits = `${parts[2] ?? ''}${(parts[3] ?? '').padEnd(6, '0')}`
  return amount.exec(`${parts[1] ?? ''}${digits.slice(0, -2)}.${digits.slice(-2)}`)
}

/** Fen as yuan with two decimals and without separators: 1234.50. */
export function yuanOf(fen: bigint): string {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0')
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
