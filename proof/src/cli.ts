// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ProofError } from './bytes.ts'
import { checkWords, explainCode } from './verify/words.ts'
import type { Language, Verdict } from './verify/verdict.ts'
import { verdictWords } from './verify/verdict-words.ts'
import { exitCodeOf, verifyFile } from './verify/verify-file.ts'
import type { VerifyOptions } from './verify/verify-file.ts'

/** Where the command writes; the process's own streams, or a test's. */
export type Output = { out: (text: string) => void; error: (text: string) => void }
type Arguments = { paths: string[]; options: VerifyOptions; isJson: boolean; language: Language }
type Outcome = { path: string; verdict: Verdict | null; exit: number; problem: string }

const HELP = `handover-verify PATH… [--policy FILE] [--identity FILE] [--json] [--lang zh|en]

核验证据包、移交包、验收单、回执、销毁证明、检查点或日志证明。全程离线,除您给的信任策略外不信任何人。
Verifies a bundle, package, acceptance, receipt, certificate, checkpoint or tlog-proof. Offline; trusts nobody but your policy.

  --policy FILE     您信任的公钥与见证人数;没有它,结果只是“自述”(退出码 3) · keys and quorum you trust; without it: self-declared, exit 3
  --identity FILE   打开移交包的 age 私钥文件 · age identity that opens a package
  --json            输出一份 JSON · one JSON document
  --lang zh|en      语言 · language

退出码 exit codes: 0 通过 ok · 2 用法 usage · 3 相符但仅自述或旧格式,或证明日志作假 self-declared, older format, or proof of a false log · 65 拒绝 refused · 74 读不出 unreadable
例 example: handover-verify bundle.tar --policy policy.txt
`

/** Runs handover-verify; returns the exit code: the worst of all files (65 before 74 before 3). Refuses bad usage with 2. */
export async function run(argv: readonly string[], output: Output): Promise<number> {
  if (argv.includes('--help') || argv.length === 0) {
    output.out(HELP)
    return argv.length === 0 ? 2 : 0
  }
  const parsed = readArguments(argv)
  if (typeof parsed === 'string') {
    output.error(`${parsed}\n`)
    return parsed.startsWith('74') ? 74 : 2
  }
  const outcomes: Outcome[] = []
  for (const path of parsed.paths) outcomes.push(await verifyPath(path, parsed))
  if (parsed.isJson) output.out(`${jsonOf(outcomes)}\n`)
  else for (const outcome of outcomes) print(outcome, parsed.language, output)
  return [65, 74, 2, 3].find((code) => outcomes.some(({ exit }) => exit === code)) ?? 0
}

/** Arguments, or the sentence that says what is wrong with them. */
function readArguments(argv: readonly string[]): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { policy: { type: 'string' }, identity: { type: 'string' }, json: { type: 'boolean' }, lang: { type: 'string' } },
    })
    const language = values.lang ?? 'zh'
    if (language !== 'zh' && language !== 'en') return '用法:--lang 只能是 zh 或 en · usage: --lang zh|en'
    if (positionals.length === 0) return '用法:请给出要核验的文件 · usage: name a file to verify'
    const policy = values.policy === undefined ? {} : { policy: readFileSync(values.policy, 'utf8') }
    const identities = values.identity === undefined ? [] : identityLines(readFileSync(values.identity, 'utf8'))
    return { paths: positionals, options: { ...policy, identities, language }, isJson: values.json === true, language }
  } catch (error) {
    return argumentProblem(error)
  }
}

function argumentProblem(error: unknown): string {
  if (error instanceof Error && 'syscall' in error) return `74 读不出策略或私钥文件 · cannot read the policy or identity file: ${error.message}`
  return `用法不对,见 --help · bad usage, see --help: ${error instanceof Error ? error.message : ''}`
}

/** Lines of an age identity file that are not comments. */
function identityLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}

async function verifyPath(path: string, { options }: Arguments): Promise<Outcome> {
  try {
    const verdict = await verifyFile(path, options)
    return { path, verdict, exit: exitCodeOf(verdict), problem: '' }
  } catch (error) {
    if (error instanceof ProofError) return { path, verdict: null, exit: 2, problem: explainCode(error.code, error.message)[options.language ?? 'zh'] }
    if (error instanceof Error && 'syscall' in error) return { path, verdict: null, exit: 74, problem: `读不出此文件 · cannot read the file: ${error.message}` }
    throw error
  }
}

/** One file: the verdict itself. Several: a list under `files`. */
function jsonOf(outcomes: readonly Outcome[]): string {
  const documents = outcomes.map(({ path, verdict, problem }) => (verdict === null ? { path, ok: false, what: 'unknown', error: problem } : { path, ...verdict }))
  const [only] = documents
  return JSON.stringify(documents.length === 1 ? only : { ok: documents.every(({ ok }) => ok), files: documents })
}

function print({ path, verdict, problem }: Outcome, language: Language, output: Output): void {
  if (verdict === null) return output.error(`✗ ${path}: ${problem}\n`)
  output.out(`${path} (${verdict.what})\n`)
  for (const { name, ok, detail } of verdict.checks) output.out(`  ${ok ? '✔' : '✗'} ${checkWords[name][language]}${detail === '' ? '' : ` — ${detail}`}\n`)
  for (const line of verdict.unchecked) output.out(`  – ${language === 'zh' ? '未核对' : 'not checked'} ${line}\n`)
  output.out(`${verdictWords(verdict)[language]}\n`)
}
