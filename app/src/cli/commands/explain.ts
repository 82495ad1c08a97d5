// SPDX-License-Identifier: Apache-2.0
import { explainFailure, failureCodes, type FailureWords } from '../../kit/failure.ts'
import { explainObstacle, lawMark, obstacleTable, type ObstacleWords } from '../../law/index.ts'
import { cliFailures } from '../cli-failures.ts'
import type { Command } from '../command.ts'
import { loadBuiltCommands } from '../commands.ts'
import { generalWords } from '../general-words.ts'
import { nearestWord } from '../nearest-word.rules.ts'

/** `handover explain CODE` */
export const command: Command = {
  name: 'explain',
  summary: { zh: '解释一个错误代码', en: 'what a code means and what to do' },
  usage: 'handover explain CODE',
  example: 'handover explain NO_HOME',
  options: {},
  run: async ({ positionals: [given], out }) => {
    if (given === undefined) throw cliFailures.MISSING_ARGUMENT({ what: out.lang === 'zh' ? '代码' : 'The code', command: 'explain' })
    await loadBuiltCommands() // every room declares its codes when it is loaded
    const code = given.toUpperCase()
    const obstacle = explainObstacle(code)
    const words = explainFailure(code)
    if (obstacle !== undefined) out.result({ code, rule: obstacle.rule, law: obstacle.law, conf: obstacle.conf, message: { zh: obstacle.zh, en: obstacle.en }, remedy: obstacle.remedy }, obstacleExplanation(code, obstacle, out.lang))
    else if (words === undefined) throw unknownCode(given)
    else out.result({ code, exit: words.exit, message: { zh: words.zh, en: words.en }, remedy: words.remedy }, explanation(code, words, out.lang))
    return 0
  },
}

function explanation(code: string, words: FailureWords, lang: 'zh' | 'en'): string[] {
  const [said, remedy] = [generalWords(words), generalWords(words.remedy)]
  return lang === 'zh'
    ? [`${code}(退出码 ${words.exit})`, `发生了什么: ${said.zh}`, `怎么办: ${remedy.zh}`]
    : [`${code} (exit code ${words.exit})`, `What happened: ${said.en}`, `What to do: ${remedy.en}`]
}

function obstacleExplanation(code: string, words: ObstacleWords, lang: 'zh' | 'en'): string[] {
  const [said, remedy] = [generalWords(words), generalWords(words.remedy)]
  return lang === 'zh'
    ? [`${code}(障碍,规则 ${words.rule} ${lawMark(words, 'zh')})`, `发生了什么: ${said.zh}`, `怎么办: ${remedy.zh}`]
    : [`${code} (obstacle, rule ${words.rule} ${lawMark(words, 'en')})`, `What happened: ${said.en}`, `What to do: ${remedy.en}`]
}

function unknownCode(given: string): Error {
  const near = nearestWord(given.toUpperCase(), [...failureCodes(), ...Object.keys(obstacleTable)])
  return cliFailures.UNKNOWN_CODE({ given: given.slice(0, 40), guess: near === undefined ? '' : ` (${near}?)` })
}
