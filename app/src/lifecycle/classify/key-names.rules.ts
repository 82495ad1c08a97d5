// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../../detection/index.ts'

/** Types by whose values tables are joined. */
const joiningTypes: ReadonlySet<string> = new Set<InformationType>([
  'customer-id', 'resident-id', 'mobile', 'email', 'user-name', 'online-id', 'passport', 'foreign-permanent-resident-id', 'bank-card', 'bank-account', 'payment-account', 'licence-plate', 'vin', 'imei', 'uscc', 'tax-id', 'invoice-number', 'business-registration-number',
])
const keyWord = /(?:^|[_\s-]|[a-z])(?:id|no|num|number|code|sn|key|uuid|guid|pk|fk|ref)$|(?:^|[^a-z])(?:id|uuid)(?:$|[^a-z])|(?:编号|编码|代码|代号|单号|号码|序列号|卡号|账号|帐号|工号|户号|号|ID)$/i
const general: ReadonlySet<string> = new Set(['id', 'no', 'num', 'number', 'code', 'sn', 'key', 'uuid', 'guid', 'pk', 'ref', '编号', '编码', '代码', '号码', '号', '序号', 'name', '名称'])

/** Whether a column may hold keys: its values are of a type that joins, or its title says so. */
export function mayBeKey(type: string, title: string): boolean {
  return joiningTypes.has(type) || (type === 'none' && keyWord.test(title.trim()))
}

/** A column as its name is compared. */
export interface KeyName {
  table: string
  title: string
  type: string
}

/** 0 to 1: how much the titles say that one column holds the keys of another (客户编号 and 客户.编号, customer_id and customers.id, or one title in both). */
export function nameLikeness(child: KeyName, parent: KeyName): number {
  const [own, its] = [plainName(child.title), plainName(parent.title)]
  const table = plainTable(parent.table)
  if (own !== '' && own === its && !general.has(own)) return 1
  if (table !== '' && general.has(its) && (own === table + its || own === `${table}id` || own === `${table}no`)) return 1
  if (table.length >= 2 && own.startsWith(table)) return 0.8
  if (child.type === parent.type && joiningTypes.has(child.type)) return 0.8
  if (its.length >= 2 && !general.has(its) && (own.endsWith(its) || its.endsWith(own)) && own.length >= 2 && !general.has(own)) return 0.6
  return 0
}

function plainName(title: string): string {
  return title.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** A table's name as columns speak of it: without its file ending, prefix, plural and the words for a list. */
function plainTable(name: string): string {
  const base = plainName(name.replace(/\.(?:csv|xlsx?|tsv|txt|sqlite|db|json)$/i, '').replace(/^(?:t|tb|tbl|sys|biz|dim|ods|dwd)_/i, ''))
  const bare = base.replace(/(?:信息|登记|资料|列表|明细|档案|表|清单|数据)+$/u, '').replace(/(?:table|list|info|data)$/, '')
  if (bare.endsWith('ies')) return `${bare.slice(0, -3)}y`
  return bare.length > 3 && bare.endsWith('s') && !bare.endsWith('ss') ? bare.slice(0, -1) : bare
}
