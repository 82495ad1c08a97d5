// SPDX-License-Identifier: Apache-2.0
import { canonicalJson, sha256, toHex, utf8, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import { legalPositionsSchema, type LegalPositions, type MatterType } from '../law/index.ts'
import { whyRefused } from '../kit/failure.ts'
import { dayOf } from '../kit/time.ts'
import { matterFailures } from './matter-failures.ts'

const day = z.string().refine((text) => {
  try {
    return dayOf(text) === text
  } catch {
    return false
  }
}, 'YYYY-MM-DD')

/** 事项设置. Legal positions (law register §2) and circumstances of one matter; refuses unknown keys and values (CONTRACTS §17). */
export const matterSettingsSchema = z.strictObject({
  ...legalPositionsSchema.shape,
  /** 是否有承接方. Whether somebody takes the customers over; without one everything is kept, sealed or destroyed. */
  successor: z.boolean(),
  /** 转让方是否存续. Whether the transferor goes on existing after the matter. */
  seller_survives: z.boolean(),
  /** 接收方是否在境外 (个人信息保护法 第三十八条). */
  recipient_overseas: z.boolean().default(false),
  /** 是否涉及重要数据 (网络数据安全管理条例 第三十二条). */
  important_data: z.boolean().default(false),
  /** 接收方是否变更处理目的、方式 (个人信息保护法 第二十二条、第二十三条). */
  receiver_changes_purpose: z.boolean().default(false),
  /** 冷静期小时数. Hours between the last approval and an irreversible act (SECURITY.md, threat model: default 24). */
  cooling_off_hours: z.int().min(1).max(720).default(24),
  /** 残留副本天数. Days within which copies left in backups must have expired. */
  residual_copy_days: z.int().min(0).max(365).default(30),
  /** 交割基准日. The day on which the transferor stops collecting for the business that is handed over. */
  cutoff_day: day.nullable().default(null),
})

/** 事项设置. See `matterSettingsSchema`. */
export type MatterSettings = z.infer<typeof matterSettingsSchema>

/** The name of one setting. */
export type SettingName = keyof MatterSettings

/** The cautious settings for a type of matter: what follows from the type itself, and the defaults of the register. */
export function defaultSettings(type: MatterType): MatterSettings {
  return matterSettingsSchema.parse(circumstancesOf(type))
}

/** The settings of a matter type with some of them given as text (`key=value` of the command line); refuses unknown keys and values. */
export function settingsWith(base: MatterSettings, given: Readonly<Record<string, string>>): MatterSettings {
  return Object.entries(given).reduce((settings, [key, text]) => changeSetting(settings, key, text), base)
}

/** The settings with one of them changed; refuses unknown keys and values with the list of allowed ones. */
export function changeSetting(settings: MatterSettings, key: string, text: string): MatterSettings {
  const schema = settingSchema(key)
  const value = schema.safeParse(readValue(text))
  if (!value.success) throw matterFailures.SETTING_REFUSED({ key, why: whyRefused(value.error.issues, 1), allowed: allowedValues(schema) })
  // 只销毁密钥: this program always purges indexes, ciphertext and originals too, so that answer would change nothing and only promise less.
  if (key === 'crypto_shred_is_deletion' && value.data === 'yes') throw matterFailures.SETTING_WITHOUT_EFFECT({ key })
  return matterSettingsSchema.parse({ ...settings, [key]: value.data })
}

/** The legal positions among the settings, as `decide` and the gates take them. */
export function positionsOf(settings: MatterSettings): LegalPositions {
  return legalPositionsSchema.parse(Object.fromEntries(Object.keys(legalPositionsSchema.shape).map((key) => [key, Object.entries(settings).find(([name]) => name === key)?.[1]])))
}

/** SHA-256 of the settings in canonical JSON, for events; reveals nothing that is not in the law register. */
export function settingsDigest(settings: MatterSettings): string {
  const plain: JsonObject = { ...settings }
  return toHex(sha256(utf8(canonicalJson(plain))))
}

/** 规则表: the circumstances that a type of matter brings with it (PRODUCT §2). */
function circumstancesOf(type: MatterType): Pick<MatterSettings, 'successor' | 'seller_survives'> {
  return circumstances[type]
}

const circumstances = {
  'share-transfer': { successor: false, seller_survives: true },
  reorganisation: { successor: false, seller_survives: true },
  'asset-transfer': { successor: true, seller_survives: true },
  'data-only': { successor: true, seller_survives: true },
  'merger-absorb': { successor: true, seller_survives: false },
  'merger-new': { successor: true, seller_survives: false },
  'split-survive': { successor: true, seller_survives: true },
  'split-new': { successor: true, seller_survives: false },
  dissolution: { successor: false, seller_survives: false },
  bankruptcy: { successor: false, seller_survives: false },
  'stop-product': { successor: false, seller_survives: true },
} as const satisfies Record<MatterType, Pick<MatterSettings, 'successor' | 'seller_survives'>>

function settingSchema(key: string): z.ZodType {
  const shape: Readonly<Record<string, z.ZodType>> = matterSettingsSchema.shape
  const schema = Object.hasOwn(shape, key) ? shape[key] : undefined
  if (schema === undefined) throw matterFailures.SETTING_UNKNOWN({ key: key.slice(0, 40) })
  return schema
}

/** `true`, `12` and `null` are meant as such; everything else is text. */
function readValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null' || text === '') return null
  return /^-?\d{1,9}$/.test(text) ? Number(text) : text
}

function allowedValues(schema: z.ZodType): string {
  const json: unknown = z.toJSONSchema(schema, { unrepresentable: 'any' })
  const found = JSON.stringify(json)
  const options = /"enum":\[([^\]]*)\]/.exec(found)?.[1]
  if (options !== undefined) return options.replaceAll('"', '')
  if (found.includes('"boolean"')) return 'true, false'
  const minimum = /"minimum":(-?\d+)/.exec(found)?.[1]
  const maximum = /"maximum":(-?\d+)/.exec(found)?.[1]
  return minimum === undefined ? 'YYYY-MM-DD, null' : `${minimum}–${maximum ?? '…'}`
}
