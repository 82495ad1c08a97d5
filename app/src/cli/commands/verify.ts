// SPDX-License-Identifier: Apache-2.0
import { checkWords, exitCodeOf, ProofError, verdictWords, verifyFile, type Verdict } from '@handover/proof'
import { neededArgument, readTextFile } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'

interface Verified {
  path: string
  verdict: Verdict
}

/** `handover verify`: the same engine as `handover-verify`; needs no home. */
export const command: Command = {
  name: 'verify',
  summary: { zh: '离线核验证据包、移交包、验收单、回执、销毁证明、检查点或日志证明', en: 'verify a bundle, package, acceptance, receipt, certificate, checkpoint or tlog-proof offline' },
  usage: 'handover verify PATH… [--policy FILE] [--identity FILE]',
  example: 'handover verify 证据包.tar --policy policy.txt',
  options: {
    policy: { type: 'string', doc: { zh: '您信任的公钥与见证人数;没有它,结果只是“自述”(退出码 3)', en: 'keys and quorum that you trust; without it self-declared, exit code 3' } },
    identity: { type: 'string', doc: { zh: '打开移交包的 age 私钥文件', en: 'age identity that opens a package' } },
  },
  run: async (call) => {
    neededArgument(call, 0, { zh: '要核验的文件', en: 'The file to verify', command: 'verify' })
    const policy = textFlag(call, 'policy')
    const identity = textFlag(call, 'identity')
    const options = {
      ...(policy === undefined ? {} : { policy: readTextFile(policy) }), language: call.out.lang,
      identities: identity === undefined ? [] : readTextFile(identity).split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')),
    }
    const verified: Verified[] = []
    for (const path of call.positionals) verified.push({ path, verdict: await verifyOne(path, options) })
    const [only] = verified
    const documents = verified.map(({ path, verdict }) => ({ path, ...verdict }))
    call.out.result(documents.length === 1 && only !== undefined ? { path: only.path, ...only.verdict } : { ok: documents.every(({ ok }) => ok), files: documents }, verified.flatMap((one) => lines(one, call)))
    return [65, 3].find((code) => verified.some(({ verdict }) => exitCodeOf(verdict) === code)) ?? 0
  },
}

/** What the verifier throws is about the policy or this Node, not about the file. */
async function verifyOne(path: string, options: Parameters<typeof verifyFile>[1]): Promise<Verdict> {
  try {
    return await verifyFile(path, options)
  } catch (error) {
    if (error instanceof ProofError) throw cliFailures.WRONG_ARGUMENT({ what: '--policy', why: `${error.code} ${error.message}`, command: 'verify' }, { cause: error })
    throw error
  }
}

function lines({ path, verdict }: Verified, { out: { lang } }: CommandCall): string[] {
  const zh = lang === 'zh'
  return [
    `${path} (${verdict.what})`,
    ...verdict.checks.map(({ name, ok, detail }) => `  ${ok ? '✔' : '✗'} ${checkWords[name][lang]}${detail === '' ? '' : ` — ${detail}`}`),
    ...verdict.unchecked.map((line) => `  – ${zh ? '未核对' : 'not checked'} ${line}`),
    verdictLine(verdict, zh),
  ]
}

function verdictLine(verdict: Verdict, zh: boolean): string {
  if (!verdict.ok) return zh ? '拒绝:此文件不可信,原因见 ✗ 行。请向出具方索取原件,不要据此办事。' : 'REFUSED: do not rely on this file; see ✗. Ask its issuer for the original.'
  if (verdict.what === 'equivocation') return verdictWords(verdict)[zh ? 'zh' : 'en']
  if (verdict.trust === 'policy') return zh ? '通过:全部相符,签名与见证符合您的信任策略。' : 'OK: everything holds under your policy.'
  return zh ? '相符,但仅为自述(self-declared):没有给出信任策略,无人为其中的密钥作保。用 --policy 再核验一次。' : 'CONSISTENT BUT SELF-DECLARED: nobody you named vouches for its keys. Verify again with --policy.'
}
