// SPDX-License-Identifier: Apache-2.0
// Fields of published client libraries with what their authors say each one means: a test of header words that nobody had to label. Read from unpacked packages; nothing of them is kept here.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A field as its library declares it: the library, the class or table, the name on the wire, and the words of its comment. */
export interface MinedField {
  source: string
  owner: string
  name: string
  description: string
}

type Reader = (text: string, file: string) => Omit<MinedField, 'source'>[]

const flat = (text: string): string => text.replace(/<[^>]{1,40}>/g, ' ').replace(/^[\s*]+|[\s*]+$/gm, ' ').replace(/\s+/g, ' ').trim().slice(0, 300)

// Java, line by line: a comment, annotations, then the field: /** 姓名 */ @ApiField("name") private String name; also @ApiModelProperty("姓名"), @Schema(description = "姓名"), @Excel(name = "姓名").
const javaField = /^\s*(?:private|protected|public)\s+(?!static|final|class|enum|abstract)[\w<>[\],.? ]{1,80}\s(\w{1,80})\s*(?:=.*)?;/
const wireName = /^@(?:ApiField|SerializedName|JsonProperty|JSONField|XStreamAlias|TableField|Column)\(\s*(?:(?:name|value)\s*=\s*)?"(\w+)"/
const annotated = /^@(?:ApiModelProperty|Schema|Excel|ExcelProperty|Comment)\([^"]*"([^"]+)"/

const readJava: Reader = (text, file) => {
  const owner = basename(file, '.java')
  const found: Omit<MinedField, 'source'>[] = []
  let [said, wire, isComment] = ['', '', false]
  for (const line of text.split('\n')) {
    const bare = line.trim()
    if (bare.startsWith('/**')) [said, wire, isComment] = ['', '', true]
    if (isComment) said += ` ${bare.replace(/^\/?\*+\/?|\*+\/$/g, '').replace(/^\s*@.*|字段名[:：]|<pre>|<\/pre>/g, '').replace(/^\s*(?:变量名|是否必填|类型|示例值|描述)[:：].*/, '')}`
    else if (bare.startsWith('@')) [said, wire] = [annotated.exec(bare)?.[1] ?? said, wireName.exec(bare)?.[1] ?? wire]
    else {
      const name = javaField.exec(line)?.[1]
      if (name !== undefined && said.trim() !== '') found.push({ owner, name: wire === '' ? name : wire, description: flat(said) })
      if (bare !== '') [said, wire] = ['', '']
    }
    if (bare.includes('*/')) isComment = false
  }
  return found
}

// Python: a class, then `:param _Name: 姓名` in its docstring.
const readParams: Reader = (text, file) => {
  let owner = basename(file, '.py')
  return text.split('\n').flatMap((line) => {
    owner = /^class (\w+)/.exec(line)?.[1] ?? owner
    const [, name = '', said = ''] = /^\s*:param _?(\w+):\s*(?:\(Optional\)\s*)?(\S.*)$/.exec(line) ?? []
    return name === '' || name === 'request' ? [] : [{ owner, name, description: flat(said.replace(/^\**(?:参数解释|参数说明)\**[:：]\s*/, '').replace(/^[:：]\s*/, '')) }]
  })
}

// Translations of fields: msgctxt "field:party.address,street:" … msgstr "街道".
const readTranslations: Reader = (text) =>
  [...text.matchAll(/msgctxt "field:([\w.]+),(\w+):"\nmsgid "(.*)"\nmsgstr "(.*)"/g)].flatMap(([, owner = '', name = '', english = '', chinese = '']) => (chinese + english === '' ? [] : [{ owner, name, description: chinese === '' ? english : chinese }]))

// Objects in YAML: `  name:` and a label two spaces further in.
const readObjects: Reader = (text, file) => {
  let name = ''
  return text.split('\n').flatMap((line) => {
    name = /^ {2}(\w+):\s*$/.exec(line)?.[1] ?? name
    const label = /^ {4}label: *(.+)$/.exec(line)?.[1]
    return label === undefined || name === '' ? [] : [{ owner: basename(file).replace(/\..*$/, ''), name, description: flat(label) }]
  })
}

const readers: readonly (readonly [RegExp, Reader])[] = [[/\.java$/, readJava], [/\.py$/, readParams], [/zh_CN\.po$/, readTranslations], [/\.object\.yml$/, readObjects]]

/** All fields below a folder of unpacked packages, each once for its library, class and name. */
export function minedFields(folder: string): MinedField[] {
  const found = new Map<string, MinedField>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const read = entry.isFile() ? readers.find(([pattern]) => pattern.test(entry.name))?.[1] : undefined
    if (read === undefined) continue
    const source = join(entry.parentPath).slice(folder.length).replace(/^\//, '').split('/')[0] ?? ''
    for (const field of read(readFileSync(join(entry.parentPath, entry.name), 'utf8'), entry.name)) {
      if (field.name !== '' && field.description !== '') found.set(`${source}\t${field.owner}\t${field.name}`, { source: source.replace(/-?\d.*$/, ''), ...field })
    }
  }
  return [...found.values()]
}
