// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'
import type { Manner, Streams } from './output.ts'

/** One sign of progress: what is being done, how far it is, in which unit. */
export interface ProgressStep {
  label: Words
  done: number
  total: number | null
  unit: Words
}

const ttyEveryMs = 100
const lineEveryMs = 10_000
const jsonEveryMs = 1_000

/** Progress on stderr (UX.md §5): a redrawn line for a person, a line every ten seconds otherwise, JSON lines with --json; rate and time left are added here. */
export class ProgressLine {
  readonly #streams: Streams
  readonly #manner: Manner
  #label = ''
  #startedAt = 0
  #startedFrom = 0
  #shownAt = 0
  #isDrawn = false

  constructor(streams: Streams, manner: Manner) {
    this.#streams = streams
    this.#manner = streams.progress === undefined ? manner : { ...manner, json: true }
  }

  /** Shows a step if it is time to; the first and the last of a label on a terminal always. */
  show(step: ProgressStep): void {
    const now = performance.now()
    const label = step.label[this.#manner.lang]
    if (label !== this.#label) {
      this.#label = label
      this.#startedAt = now
      this.#startedFrom = step.done
      this.#shownAt = this.#streams.isTty || this.#manner.json ? 0 : now
    }
    const every = this.#manner.json ? jsonEveryMs : this.#streams.isTty ? ttyEveryMs : lineEveryMs
    const isEnd = step.total !== null && step.done >= step.total && (this.#streams.isTty || this.#manner.json)
    if (!isEnd && now - this.#shownAt < every) return
    this.#shownAt = now
    this.#write(step, label, ratePerSecond(step.done - this.#startedFrom, now - this.#startedAt))
  }

  /** Takes the redrawn line away so that other text starts on a clean line. */
  clear(): void {
    if (this.#isDrawn) this.#streams.err('\r\u001b[2K')
    this.#isDrawn = false
  }

  #write(step: ProgressStep, label: string, rate: number | null): void {
    const left = step.total === null || rate === null || rate === 0 ? null : Math.max(0, step.total - step.done) / rate
    if (this.#manner.json) {
      const figures = { event: 'progress', label, done: step.done, total: step.total, unit: step.unit[this.#manner.lang], perSecond: rate === null ? null : Math.round(rate), secondsLeft: left === null ? null : Math.round(left) }
      const line = `${JSON.stringify(figures)}\n`
      if (this.#streams.progress === undefined) this.#streams.err(line)
      else this.#streams.progress(line)
      return
    }
    const text = progressText(step, label, { rate, left, lang: this.#manner.lang })
    this.#streams.err(this.#streams.isTty ? `\r\u001b[2K${text}` : `${text}\n`)
    this.#isDrawn = this.#streams.isTty
  }
}

function ratePerSecond(done: number, elapsedMs: number): number | null {
  return elapsedMs < 200 || done <= 0 ? null : (done * 1000) / elapsedMs
}

function progressText(step: ProgressStep, label: string, figures: { rate: number | null; left: number | null; lang: 'zh' | 'en' }): string {
  const unit = step.unit[figures.lang]
  const amount = step.total === null ? count(step.done) : `${count(step.done)}/${count(step.total)}`
  const parts = [unit === '' ? amount : `${amount} ${unit}`]
  if (step.total !== null && step.total > 0) parts.unshift(bar(step.done / step.total))
  if (figures.rate !== null) parts.push(`${count(figures.rate)}${unit === '' ? '' : ` ${unit}`}/${figures.lang === 'zh' ? '秒' : 's'}`)
  if (figures.left !== null && figures.left >= 1) parts.push(figures.lang === 'zh' ? `剩余约 ${duration(figures.left, durationZh)}` : `about ${duration(figures.left, durationEn)} left`)
  return `${label} ${parts.join(' · ')}`
}

function bar(share: number): string {
  const full = Math.min(20, Math.max(0, Math.floor(share * 20)))
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)} ${Math.min(100, Math.floor(share * 100))}%`
}

const durationZh = { hours: ' 小时 ', minutes: ' 分 ', seconds: ' 秒' }
const durationEn = { hours: ' h ', minutes: ' min ', seconds: ' s' }

function duration(seconds: number, units: typeof durationZh): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole}${units.seconds}`
  return whole < 3600 ? `${Math.floor(whole / 60)}${units.minutes}${whole % 60}${units.seconds}` : `${Math.floor(whole / 3600)}${units.hours}${Math.floor((whole % 3600) / 60)}${units.minutes.trimEnd()}`
}

function count(value: number): string {
  return (value >= 10 ? Math.round(value) : Math.round(value * 10) / 10).toLocaleString('en-US')
}
