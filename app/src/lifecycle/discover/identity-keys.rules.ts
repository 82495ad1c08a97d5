// SPDX-License-Identifier: Apache-2.0

/** 标识键. Kinds of identity key by which records of one person are found again (CONTRACTS §14); high-entropy identifiers only (§13). */
export const identityKeyTypes = ['resident-id', 'customer-id', 'mobile', 'email'] as const
/** One kind of identity key. */
export type IdentityKeyType = (typeof identityKeyTypes)[number]

/** Keys that stand for one person or one account by themselves; the others may be shared by a family or an office. */
export const strongKeyTypes: readonly IdentityKeyType[] = ['resident-id', 'customer-id']

/** The type under which the two-byte tag of a name is kept: enough to say "another name", not enough to look a person up (CONTRACTS §13). */
export const nameTagType = 'name-tag'
/** The type under which the two-byte tag of a birth day is kept: enough to say "another person". */
export const birthTagType = 'birth-tag'
/** The type of the one edge that keeps both tags of a record: flags, then the name's tag, then the birth day's. Records of earlier versions have an edge for each. */
export const personTagType = 'person-tags'
/** Bytes of a tag. */
export const tagBytes = 2
/** Stands for a name that cannot be compared (张先生, 张*): a person is there, but which one is open. */
export const incomparableName = Buffer.alloc(1)

/** Whether a key type of the table is an identity key. */
export function isIdentityKeyType(type: string): type is IdentityKeyType {
  return identityKeyTypes.some((known) => known === type)
}

/** A field as far as keys are concerned. */
export interface KeyField {
  position: number
  name: string
  type: string
}

/** A field whose values are identity keys; `proven` is false when the column speaks of somebody else than the record's own person. */
export interface IdentityField {
  position: number
  type: IdentityKeyType
  proven: boolean
}

// Columns about another person than the customer: an emergency contact or the clerk must never pull two customers together.
const othersColumn = /紧急|监护|家长|父亲|母亲|配偶|子女|推荐|介绍人|担保|业务员|销售员|导购|客服|经办|操作员|录入|审核|师傅|安装工|配送员|快递|收货|收件|代收|代理人|法人|法定代表|emergency|guardian|parent|referr|introducer|spouse|agent|operator|clerk|staff|employee|sales_?(man|rep|person)|courier|consignee|receiver_?(mobile|phone|tel|email)|ship(ping)?_?to/i

/** Whether a column's title speaks of somebody else than the record's own person. */
export function isAboutSomebodyElse(title: string): boolean {
  return othersColumn.test(title)
}

/** The identity fields of a data set; a second column of the same kind is another number of the same person unless its title names somebody else. */
export function identityFields(fields: readonly KeyField[]): IdentityField[] {
  return fields.flatMap((field) =>
    isIdentityKeyType(field.type) ? [{ position: field.position, type: field.type, proven: !isAboutSomebodyElse(field.name) }] : [])
}

/** The field that holds the customer's name: the first person-name column that does not speak of somebody else. */
export function nameField(fields: readonly KeyField[]): number | null {
  return fields.find((field) => field.type === 'person-name' && !isAboutSomebodyElse(field.name))?.position ?? null
}

/** What a key is looked up by: the customer number only means something within its source. */
export function keyWithScope(type: IdentityKeyType, normalised: string, sourceId: string): string {
  return type === 'customer-id' ? `${sourceId}\u0000${normalised}` : normalised
}

const title = /先生|女士|小姐|太太|老师|同学|经理|主任|老板|师傅|阿姨|叔叔|客户|顾客|用户|会员|[*＊某?？]/u

/** A name made comparable, or null when two people may well be written this way (titles, masks, single characters). */
export function comparableName(text: string): string | null {
  const name = text.normalize('NFKC').replace(/[\s·•・.]/gu, '').toUpperCase()
  return name.length < 2 || title.test(name) ? null : name
}

/** Why a key is nobody's: a number typed to get past a form (13800000000, 13800138000, 12345678901), or null. */
export function placeholderReason(type: IdentityKeyType, normalised: string): 'placeholder' | null {
  const isPlaceholder: Record<IdentityKeyType, boolean> = {
    mobile: /^1\d{2}(\d)\1{7}$/.test(normalised) || /^13800138000$|^1[3-9]\d(12345678|01234567|87654321)$/.test(normalised),
    'resident-id': /^(\d)\1{16}[\dX]$/.test(normalised) || /^\d{14}0000$/.test(normalised),
    'customer-id': /^(0+|-+|n\/?a|null|none|无|暂无|未知|test)$/i.test(normalised),
    email: /^(test|none|null|no|na|abc|123|123456|admin|noreply|no-reply)@/i.test(normalised),
  }
  return isPlaceholder[type] ? 'placeholder' : null
}
