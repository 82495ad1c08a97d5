// SPDX-License-Identifier: Apache-2.0
import { commandGroups, isBuilt, loadCommand } from './commands.ts'
import type { Command, CommandOption } from './command.ts'
import { globalOptions } from './parse-arguments.ts'

/** Usage, options and an example of one command. */
export function commandHelp(command: Command, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const own = optionLines(command.options, lang)
  return [
    `handover ${command.name} — ${command.summary[lang]}`,
    '',
    `${zh ? '用法' : 'Usage'}: ${command.usage}`,
    `${zh ? '示例' : 'Example'}: ${command.example}`,
    ...(own.length === 0 ? [] : ['', zh ? '选项' : 'Options', ...own]),
    '',
    zh ? '通用选项' : 'Common options',
    ...optionLines(globalOptions, lang),
  ]
}

/** All commands that exist, by the steps of the journey. */
export async function overallHelp(lang: 'zh' | 'en'): Promise<string[]> {
  const zh = lang === 'zh'
  const groups = await Promise.all(commandGroups.map(async ({ title, names }) => ({ title, commands: await Promise.all(names.filter(isBuilt).map((name) => loadCommand([name]))) })))
  const width = Math.max(...groups.flatMap(({ commands }) => commands.map(({ name }) => name.length)))
  return [
    zh ? '清交 handover — 公司转让或清算时,把客户信息合法、完整、可证明地移交或销毁' : 'handover — customer information through a transfer or liquidation: lawful, complete, provable',
    ...groups.flatMap(({ title, commands }) => (commands.length === 0 ? [] : ['', title[lang], ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary[lang]}`)])),
    '',
    zh ? '每个命令: handover 命令 --help;错误代码: handover explain 代码' : 'Each command: handover COMMAND --help; codes: handover explain CODE',
  ]
}

function optionLines(options: Readonly<Record<string, CommandOption>>, lang: 'zh' | 'en'): string[] {
  const rows = Object.entries(options).map(([name, { type, short, doc }]) => ({ left: `${short === undefined ? '    ' : `-${short}, `}--${name}${type === 'string' ? ' …' : ''}`, doc: doc[lang] }))
  const width = Math.max(0, ...rows.map(({ left }) => left.length))
  return rows.map(({ left, doc }) => `  ${left.padEnd(width)}  ${doc}`)
}
