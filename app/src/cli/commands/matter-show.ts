// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { matterTypeWords } from '../../law/index.ts'
import { settingsDigest, spokenWords, type Matter } from '../../matter/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover matter show` */
export const command: Command = {
  name: 'matter show',
  summary: { zh: '事项、当事方、设置和账目概况', en: 'the matter, its parties, settings and books' },
  usage: 'handover matter show [-m CODE]',
  example: 'handover matter show --json',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const name = await ctx.vault.openLabel(matter.id, matter.id, 'matter-name')
    const books = await ctx.ledger.mainBook(matter.id)
    const document = { ...describe(ctx, matter), name, books }
    call.out.result(document, humanLines(document, matter, call.out.lang))
    return 0
  },
}

function describe(ctx: Context, matter: Matter) {
  return {
    id: matter.id, code: matter.code, type: matter.type, origin: matter.origin, openedAt: matter.openedAt, status: matter.status, demo: matter.isDemo, keepsBooks: matter.keepsBooks,
    legalTime: ctx.now(), settings: matter.settings, settingsDigest: settingsDigest(matter.settings),
    parties: matter.parties.map((party) => ({
      id: party.id, role: party.role, name: party.file.name, creditCode: party.file.creditCode, contact: party.file.contact, vkey: party.file.vkey, ageRecipient: party.file.ageRecipient,
      digest: party.digest.toString('hex'), wordsConfirmedAt: party.confirmedAt, isSelf: party.isSelf,
    })),
  }
}

function humanLines(document: ReturnType<typeof describe> & { name: string | null; books: readonly unknown[] }, matter: Matter, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return [
    `${document.name ?? document.code} · ${document.code} · ${matterTypeWords[document.type][lang]} (${document.type}) · ${document.status}${document.demo ? (zh ? ' · 演示' : ' · demo') : ''}`,
    `${zh ? '法定时间' : 'Legal time'}: ${document.legalTime}`,
    `${zh ? '日志' : 'Log'}: ${document.origin}${document.keepsBooks ? '' : zh ? '(由立项方保管)' : ' (kept by the opener)'}`,
    '',
    zh ? '当事方' : 'Parties',
    ...matter.parties.map((party) => `  ${party.role.padEnd(12)} ${party.file.name} ${party.file.creditCode} · ${confirmation(party, zh)}${party.isSelf ? '' : ` · ${spokenWords(party.digest, lang).join(' ')}`}`),
    '',
    zh ? '设置' : 'Settings',
    ...Object.entries(document.settings).map(([key, value]) => `  ${key} = ${String(value)}`),
    '',
    `${zh ? '账目行数' : 'Lines of the main book'}: ${document.books.length}`,
  ]
}

function confirmation(party: Matter['parties'][number], zh: boolean): string {
  if (party.isSelf) return zh ? '本方' : 'this party'
  if (party.confirmedAt !== null) return zh ? '口令词已核对' : 'words confirmed'
  return zh ? '口令词未核对' : 'words not confirmed'
}
