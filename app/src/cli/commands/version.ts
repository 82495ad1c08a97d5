// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Command } from '../command.ts'

const packageFile = z.object({ version: z.string() })

/** The version of this program, from its package file. */
export function programVersion(): string {
  return packageFile.parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))).version
}

/** `handover version` */
export const command: Command = {
  name: 'version',
  summary: { zh: '程序和运行环境的版本', en: 'versions of the program and its runtime' },
  usage: 'handover version',
  example: 'handover version --json',
  options: {},
  run: async ({ out }) => {
    const versions = { handover: programVersion(), node: process.versions.node, platform: `${process.platform}-${process.arch}` }
    out.result(versions, `handover ${versions.handover} · Node ${versions.node} · ${versions.platform}`)
    return 0
  },
}
