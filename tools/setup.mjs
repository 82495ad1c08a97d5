// SPDX-License-Identifier: Apache-2.0
// Set-up before every npm script. Plain JavaScript that Node 18 can read, without dependencies, because it runs before anything is installed.
// It installs the locked packages when node_modules is missing or stale and builds proof/ when its sources changed; otherwise it only looks.
//   node tools/setup.mjs               --build: build proof/ in any case             -- FILE ARG…: then run the file on the pinned Node
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const installStamp = join(root, 'node_modules', '.handover-setup')
const buildStamp = join(root, 'proof', 'dist', '.built')

if (isStale(installStamp, installHash())) {
  checkMachine()
  install()
}
checkRuntime()
if (process.argv[2] === '--build' || isStale(buildStamp, proofHash())) buildProof()
if (process.argv[2] === '--') runPinned(process.argv.slice(3))

function checkMachine() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    stop(`本机 Node 是 ${process.versions.node},安装需要 Node 20 以上`, `This machine has Node ${process.versions.node}; the set-up needs Node 20 or later`,
      '安装 Node 20 以上(https://nodejs.org/),再运行同一命令', 'Install Node 20 or later (https://nodejs.org/) and run the same command again')
  }
  if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) {
    stop('本机使用 musl(如 Alpine),内置的 Node 24 与 PostgreSQL 只有 glibc 版', 'This machine uses musl (Alpine); the bundled Node 24 and PostgreSQL are built for glibc only',
      '改用 Debian、Ubuntu 等 glibc 系统或容器', 'Use a glibc system or container such as Debian or Ubuntu')
  }
}

/** The packages of this lock file on this platform; another platform in a shared folder counts as stale. */
function installHash() {
  return sha256([readFileSync(join(root, 'package-lock.json')), process.platform, process.arch])
}

function install() {
  say('安装锁定的依赖(首次约一分钟)…', 'Installing the locked packages (about a minute the first time)…')
  runNpmCi(process.env.npm_node_execpath || process.execPath)
  // npm leaves out optional packages whose `engines` its own Node does not meet, without a word: let the pinned Node install once more.
  const missing = missingOptionalPackages()
  if (missing.length > 0 && existsSync(pinnedNode()) && !isNewEnough()) runNpmCi(pinnedNode())
  writeFileSync(installStamp, installHash())
}

function runNpmCi(node) {
  const npm = process.env.npm_execpath
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 26 }
  const done = npm && npm.endsWith('.js')
    ? spawnSync(node, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (done.error && done.error.code === 'ENOENT') {
    stop('找不到 npm', 'npm was not found', '安装 npm(Debian: apt-get install npm),再运行同一命令', 'Install npm (Debian: apt-get install npm) and run the same command again')
  }
  if (done.status !== 0) explainNpm(String(done.stderr || done.error || ''))
}

function explainNpm(errors) {
  process.stderr.write(errors)
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i.test(errors)) {
    stop('连不上 npm 仓库,依赖没有装完', 'The npm registry cannot be reached; the packages are not complete',
      '检查网络或代理,或用 npm config set registry 指向可用的镜像,再运行同一命令', 'Check the network or proxy, or point npm config set registry to a mirror, and run the same command again')
  }
  if (/ENOSPC/.test(errors)) stop('磁盘已满', 'The disk is full', '腾出约 1.5 GB 后再运行', 'Free about 1.5 GB and run again')
  if (/EACCES|EPERM|EROFS/.test(errors)) {
    const path = (/^npm error path (.+)$/m.exec(errors) || [])[1] || root
    stop(`无权写入 ${path}`, `No permission to write ${path}`, '换到本人拥有的目录,或改正该目录的所有者;不需要 root', 'Use a folder of your own, or correct its owner; root is not needed')
  }
  if (/EUSAGE|Missing:.*from lock file|EINTEGRITY/s.test(errors)) {
    stop('依赖与锁定文件不符', 'The packages do not match the lock file', '恢复仓库里的 package-lock.json(git checkout package-lock.json)再运行', 'Restore package-lock.json of the repository (git checkout package-lock.json) and run again')
  }
  stop('npm ci 没有成功(原因见上)', 'npm ci failed (the reason stands above)', '改正后再运行同一命令', 'Correct it and run the same command again')
}

/** Optional packages for this machine that the lock file names and the disk lacks. */
function missingOptionalPackages() {
  const libc = process.platform === 'linux' ? 'glibc' : undefined
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .filter(([, entry]) => entry.optional && entry.os && fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && fits(entry.libc, libc))
    .map(([path]) => path)
    .filter((path) => !existsSync(join(root, path)))
}

function fits(allowed, value) {
  return !allowed || allowed.includes(value)
}

/** Everything after the set-up runs on Node 24: the one from npm, or on other platforms the machine's own. */
function checkRuntime() {
  if (isNewEnough() || existsSync(pinnedNode())) return
  stop(`没有适合 ${process.platform}-${process.arch} 的内置 Node,而本机 Node 是 ${process.versions.node}`, `There is no bundled Node for ${process.platform}-${process.arch}, and this machine has Node ${process.versions.node}`,
    '安装 Node 24 以上,再运行同一命令', 'Install Node 24 or later and run the same command again')
}

function isNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= 24
}

function pinnedNode() {
  return join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** Runs a file on the pinned Node. (In `setup && node FILE` the shell would remember where it found the old `node` the first time.) */
function runPinned(args) {
  const node = isNewEnough() ? process.execPath : pinnedNode()
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: `${dirname(pinnedNode())}${delimiter}${process.env.PATH}` } })
  process.on('SIGINT', () => {}) // the terminal sends it to the child too, which pauses in order
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function proofHash() {
  const configs = ['tsconfig.base.json', 'proof/tsconfig.json', 'proof/tsconfig.build.json', 'tools/build-page.mjs'].map((name) => join(root, name))
  const page = join(root, 'proof', 'page')
  return sha256([...configs.filter(existsSync), ...sourcesOf(join(root, 'proof', 'src')), ...(existsSync(page) ? sourcesOf(page) : [])].map((path) => `${relative(root, path)}\n${readFileSync(path, 'utf8')}`))
}

function sourcesOf(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sourcesOf(path)
    return name.endsWith('.test.ts') ? [] : [path]
  })
}

/** Builds in place and only then removes what has no source any more, so that a running program never finds proof/ without code. */
function buildProof() {
  const hash = proofHash()
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  rmSync(buildStamp, { force: true })
  const done = spawnSync(process.execPath, [tsc, '-p', join(root, 'proof', 'tsconfig.build.json')], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout || ''}${done.stderr || ''}${done.error ? done.error.message : ''}\n`)
    stop('proof/ 没有编译成功(原因见上)', 'proof/ did not build (the reason stands above)', '改正 proof/src 后再运行', 'Correct proof/src and run again')
  }
  removeOrphans(join(root, 'proof', 'dist'), join(root, 'proof', 'src'))
  buildPage()
  mkdirSync(dirname(buildStamp), { recursive: true })
  writeFileSync(buildStamp, hash)
}

/** The verifier as one HTML file, from the same sources. */
function buildPage() {
  const script = join(root, 'tools', 'build-page.mjs')
  if (!existsSync(script)) return
  const done = spawnSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  if (done.status === 0) return
  process.stderr.write(`${done.stdout || ''}${done.stderr || ''}${done.error ? done.error.message : ''}\n`)
  stop('核验网页 proof/dist/verify.html 没有做成(原因见上)', 'the verifier page proof/dist/verify.html did not build (the reason stands above)', '改正 proof/page 后再运行', 'Correct proof/page and run again')
}

function removeOrphans(built, sources) {
  for (const name of readdirSync(built)) {
    const path = join(built, name)
    if (statSync(path).isDirectory()) {
      if (existsSync(join(sources, name))) removeOrphans(path, join(sources, name))
      else rmSync(path, { recursive: true })
    } else if (/\.(js|d\.ts)(\.map)?$/.test(name) && !existsSync(join(sources, name.replace(/\.(js|d\.ts)(\.map)?$/, '.ts')))) rmSync(path)
  }
}

function isStale(stamp, hash) {
  return !existsSync(stamp) || readFileSync(stamp, 'utf8').trim() !== hash
}

function sha256(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

function say(zh, en) {
  process.stderr.write(`${zh}\n${en}\n`)
}

function stop(zh, en, remedyZh, remedyEn) {
  say(`✗ ${zh}。${remedyZh}。`, `  ${en}. ${remedyEn}.`)
  process.exit(78)
}
