// SPDX-License-Identifier: Apache-2.0

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** 统一社会信用代码. Whether the text is an 18-character code whose check character is right (GB 32100-2015). */
export function isCreditCode(text: string): boolean {
  if (text.length !== 18 || [...text].some((letter) => !alphabet.includes(letter))) return false
  return alphabet[checkIndex(text)] === text[17]
}

function checkIndex(text: string): number {
  const sum = weights.reduce((total, weight, at) => total + weight * alphabet.indexOf(text.charAt(at)), 0)
  return (31 - (sum % 31)) % 31
}
