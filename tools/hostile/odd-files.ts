// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { secret, type Expected, type HostileFile } from './hostile-file.ts'

const table = `姓名,备注\n张三,${secret}\n李四,无\n`
const notAFile: Expected = { codes: ['SOURCE_UNSUPPORTED', 'SOURCE_UNREADABLE'] }
const listed = (...codes: string[]): Expected => ({ rows: [], notRead: codes })

function odd(name: string, expect: Expected, make: (path: string) => string | void): HostileFile {
  return { kind: 'odd-files', name, expect, make: (folder) => make(join(folder, name)) ?? join(folder, name) }
}

/** A folder with a usual table beside what `fill` puts there. */
function folder(name: string, expect: Expected, fill: (path: string) => void): HostileFile {
  return odd(name, expect, (path) => {
    mkdirSync(path)
    fill(path)
  })
}

const shell = (script: string, ...args: string[]): void => void execFileSync('python3', ['-c', script, ...args])

/** Things in a file system that are no ordinary files, and names that are no ordinary names. */
export function oddFiles(): HostileFile[] {
  return [
    odd('pipe.csv', notAFile, (path) => void execFileSync('mkfifo', [path])),
    odd('socket.csv', notAFile, (path) => shell('import os,socket,sys; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))', path)),
    odd('zero-link.csv', notAFile, (path) => symlinkSync('/dev/zero', path)),
    odd('dangling.csv', { codes: ['SOURCE_NOT_FOUND'] }, (path) => symlinkSync(`${path}.gone`, path)),
    odd('circle.csv', { codes: ['SOURCE_NOT_FOUND'] }, (path) => symlinkSync(path, path)),
    odd('absent.csv', { codes: ['SOURCE_NOT_FOUND'] }, () => undefined),
    odd('nul\u2400name.csv', { rows: [2] }, (path) => writeFileSync(path, table)),
    odd('line\nbreak\u001b[2J\u202e.csv', { codes: ['UNCLOSED_QUOTE'] }, (path) => writeFileSync(path, `${table}"`)),
    odd('sparse.csv', { codes: ['RECORD_TOO_LONG', 'ENCODING_UNKNOWN'] }, (path) => (writeFileSync(path, ''), truncateSync(path, 200_000_000))),
    odd('unknown.ending', { codes: ['SOURCE_UNSUPPORTED'] }, (path) => writeFileSync(path, table)),
    folder('folder.csv', { rows: [2] }, (path) => writeFileSync(join(path, 'a.csv'), table)),
    folder('empty-folder', { rows: [] }, () => undefined),
    folder('links', { rows: [2], notRead: ['SYMBOLIC_LINK', 'SYMBOLIC_LINK'] }, (path) => (symlinkSync('/etc', join(path, 'etc')), symlinkSync('.', join(path, 'self')), writeFileSync(join(path, 'z.csv'), table))),
    folder('pipe-inside', { rows: [2], notRead: ['NOT_A_FILE'] }, (path) => (execFileSync('mkfifo', [join(path, 'a.csv')]), writeFileSync(join(path, 'z.csv'), table))),
    folder('gbk-name', { rows: [2], notRead: ['UNREADABLE'] }, (path) => (writeFileSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from('d5c5c8fd2e637376', 'hex')]), table), writeFileSync(join(path, 'z.csv'), table))),
    folder('too-deep', listed('UNREADABLE'), (path) => shell('import os,sys; os.chdir(sys.argv[1])\nfor i in range(40):\n os.mkdir("d"*200); os.chdir("d"*200)\nopen("x.csv","w").write("a")', path)),
    folder('named-like-a-log', { rows: [2, 2] }, (path) => (writeFileSync(join(path, 'a'), table), writeFileSync(join(path, 'a-journal'), table))),
    folder('lock-file', { rows: [2], notRead: ['LOCK_FILE'] }, (path) => (writeFileSync(join(path, '~$a.xlsx'), 'x'), writeFileSync(join(path, 'a.csv'), table))),
    folder('one-bad-of-three', { rows: [2, 2], notRead: ['UNCLOSED_QUOTE'] }, (path) => ['a', 'b', 'c'].forEach((name) => writeFileSync(join(path, `${name}.csv`), name === 'b' ? `${table}"` : table))),
    folder('prototype-names', { rows: [2, 2, 2] }, (path) => ['__proto__', 'constructor', 'toString'].forEach((name) => writeFileSync(join(path, name), table))),
  ]
}
