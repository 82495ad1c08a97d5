// SPDX-License-Identifier: Apache-2.0
import type { Command } from '../command.ts'
import { checkHome, checkMachine, type Finding } from '../examine-home.ts'

/** `handover doctor` */
export const command: Command = {
  name: 'doctor',
  summary: { zh: '检查运行环境和本方目录', en: "examine the machine and the party's home" },
  usage: 'handover doctor [--home DIR]',
  example: 'handover doctor --json',
  options: {},
  run: async (call) => {
    const findings = [...checkMachine(), ...(await checkHome(call))]
    const failed = findings.filter((finding) => finding.state === 'failed').length
    const warned = findings.filter((finding) => finding.state === 'warning').length
    call.out.result({ ok: failed === 0, failed, warned, checks: findings }, findings.flatMap((finding) => lines(finding, call.out.lang)))
    return failed > 0 ? 78 : warned > 0 ? 3 : 0
  },
}

function lines(finding: Finding, lang: 'zh' | 'en'): string[] {
  const sign = { passed: '✔', warning: '!', failed: '✗' }[finding.state]
  return [`${sign} ${finding.what[lang]}: ${finding.detail}`, ...(finding.remedy === undefined ? [] : [`    ${finding.remedy[lang]}`])]
}
