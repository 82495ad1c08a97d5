// SPDX-License-Identifier: Apache-2.0

/** Whether a table is among those that were asked for: `orders`, `shop.orders`, `shop.*`, `*_log`; case does not matter, and no pattern at all means every table. */
export function isChosen(table: { schema: string; bare: string }, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true
  const names = [table.bare.toLowerCase(), `${table.schema}.${table.bare}`.toLowerCase()]
  return patterns.some((pattern) => names.some((name) => fits(name, pattern.toLowerCase())))
}

// By hand, from left to right: a pattern of many stars must not make a search explode.
function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*')
  const [first = '', ...rest] = parts
  if (rest.length === 0) return name === pattern
  const last = rest.pop() ?? ''
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  const end = name.length - last.length
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}
