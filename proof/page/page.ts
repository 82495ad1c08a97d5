// SPDX-License-Identifier: Apache-2.0
import { bufferInstalled } from './install-buffer.ts'
import { ProofError } from '../src/bytes.ts'
import { parsePolicy } from '../src/policy.ts'
import { isSealedReceiptFile, openSealedReceipt } from '../src/sealed-receipt-file.ts'
import type { FileSource } from '../src/verify/opened-bundle.ts'
import type { Language, Verdict } from '../src/verify/verdict.ts'
import { explainCode } from '../src/verify/words.ts'
import { verifySource } from '../src/verify/verify-source.ts'
import { takeLookedAt } from './node-crypto.ts'
import { pageWords } from './page-words.ts'
import { lookAgain } from './second-look.ts'
import { receiptRows, resultView } from './result-view.ts'
import type { Shown } from './result-view.ts'

/** What the page knows: nothing of it is kept beyond the tab. */
const state: { language: Language; policy: string | null; policyName: string; file: File | null; sealed: File | null; shown: Shown | null; problem: string } = { language: 'zh', policy: null, policyName: '', file: null, sealed: null, shown: null, problem: '' }
let run = 0

/** A receipt is small; what is larger is no sealed one. */
const SEALED_BYTES_MAX = 64 * 1024 * 1024

const byId = (id: string): HTMLElement => document.getElementById(id) ?? document.body

/** Any browser's way of reading a stream; async iteration of streams is newer than the rest of what the page needs. */
async function* chunksOf(blob: Blob, read: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      read(value.length)
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function sourceOf(file: File, read: (bytes: number) => void): FileSource {
  return { open: () => chunksOf(file, read), slice: (from, to) => chunksOf(file.slice(from, to), read) }
}

async function take(files: readonly File[]): Promise<void> {
  state.problem = ''
  for (const file of files) {
    const text = file.size <= 256 * 1024 ? await file.text() : ''
    if (/^(?:#.*\n|\s*\n)*(?:log|witness|group|quorum|party|approver) /.test(text)) takePolicy(file.name, text)
    else takeFile(file, isSealedReceiptFile(file.size <= SEALED_BYTES_MAX ? await file.slice(0, 100).text() : ''))
  }
  render()
  if (state.file !== null) await verify(state.file)
}

/** A sealed receipt waits for its code; any other file is verified at once. */
function takeFile(file: File, isSealed: boolean): void {
  state.sealed = isSealed ? file : null
  state.file = isSealed ? null : file
  if (isSealed) state.shown = null
}

/** Opens the sealed receipt with the code that was typed, and verifies what was inside. */
async function openSealed(): Promise<void> {
  const input = byId('code')
  if (state.sealed === null || !(input instanceof HTMLInputElement)) return
  const sealed = state.sealed
  state.problem = ''
  try {
    const receipt = await openSealedReceipt(await sealed.text(), input.value)
    input.value = ''
    state.file = new File([receipt], sealed.name)
  } catch (error) {
    state.problem = error instanceof ProofError ? pageWords[sealedProblems.get(error.code) ?? 'unreadable'][state.language] : String(error)
  }
  render()
  if (state.problem === '' && state.file !== null) await verify(state.file)
}

const sealedProblems = new Map<string, keyof typeof pageWords>([['BAD_CODE', 'codeWrong'], ['NOT_OPENED', 'codeOther'], ['NO_WEBCRYPTO', 'codeCannot']])

function takePolicy(name: string, text: string): void {
  try {
    parsePolicy(text)
    state.policy = text
    state.policyName = name
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    state.problem = `${pageWords.policyBad[state.language]} (${error.code}: ${error.message})`
  }
}

/** Verifies in the language on screen; a later file or policy takes the place of one that is still being read. */
async function verify(file: File): Promise<void> {
  const own = (run += 1)
  state.shown = null
  let read = 0
  const source = sourceOf(file, (bytes) => {
    read += bytes
    if (own === run) byId('progress').textContent = `${pageWords.working[state.language]} ${file.name} · ${(read / 1e6).toFixed(1)} MB`
  })
  byId('progress').textContent = `${pageWords.working[state.language]} ${file.name}`
  try {
    takeLookedAt()
    const verdict = await verifySource(source, { language: state.language, ...(state.policy === null ? {} : { policy: state.policy }) })
    const second = await lookAgain(takeLookedAt())
    if (own !== run) return
    const sound: Verdict = second.kind === 'disagrees' ? { ...verdict, ok: false } : verdict
    state.shown = { verdict: sound, second, file: file.name, bytes: file.size, at: new Date(), values: sound.ok && sound.what === 'receipt' ? receiptRows(await file.text(), state.language) : [] }
  } catch (error) {
    if (own !== run) return
    state.problem = `${pageWords.unreadable[state.language]}: ${error instanceof ProofError ? explainCode(error.code, error.message)[state.language] : String(error)}`
  }
  render()
}

function render(): void {
  const words = (name: keyof typeof pageWords): string => pageWords[name][state.language]
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en'
  document.title = words('title')
  for (const [id, name] of [['title', 'title'], ['lead', 'lead'], ['language', 'language'], ['drop-words', 'drop'], ['drop-hint', 'dropHint'], ['policy-title', 'policy'], ['policy-hint', 'policyHint'], ['policy-choose', 'policyChoose'], ['code-title', 'codeTitle'], ['code-hint', 'codeHint'], ['code-open', 'codeOpen']] as const) byId(id).textContent = words(name)
  byId('policy-name').textContent = state.policy === null ? words('policyNone') : `✔ ${state.policyName}`
  byId('sealed').hidden = state.sealed === null
  byId('problem').textContent = state.problem
  byId('progress').textContent = ''
  const result = byId('result')
  result.replaceChildren(...(state.shown === null ? [] : resultView(state.shown, state.language)))
}

function listen(): void {
  for (const [id, input] of [['drop', 'file'], ['policy-choose', 'policy-file']] as const) byId(id).addEventListener('click', () => byId(input).click())
  for (const id of ['file', 'policy-file']) {
    byId(id).addEventListener('change', (event) => {
      if (event.target instanceof HTMLInputElement) void take([...(event.target.files ?? [])])
    })
  }
  byId('code-open').addEventListener('click', () => void openSealed())
  byId('code').addEventListener('keydown', (event) => { if (event.key === 'Enter') void openSealed() })
  byId('language').addEventListener('click', () => {
    state.language = state.language === 'zh' ? 'en' : 'zh'
    render()
    if (state.file !== null) void verify(state.file)
  })
  document.addEventListener('dragover', (event) => event.preventDefault())
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    void take([...(event.dataTransfer?.files ?? [])])
  })
}

void bufferInstalled
listen()
render()
