// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agreement, meaningOf } from './agree-with-comments.ts'
import { minedFields } from './mined-fields.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mined-'))
  mkdirSync(join(folder, 'shop-sdk-1.0'))
  mkdirSync(join(folder, 'cloud_sdk'))
  writeFileSync(join(folder, 'shop-sdk-1.0', 'BuyerModel.java'), ['public class BuyerModel {', '\t/**', '\t * 真实姓名', '\t */', '\t@ApiField("real_name")', '\tprivate String realName;', '  @ApiModelProperty("手机号")', '  private String mobile;', '  /** 创建时间 */', '  private Date gmtCreate;', '  /** 证件号码,可空 */', '  private String certNo;', '  private String unsaid;', '}'].join('\n'))
  writeFileSync(join(folder, 'cloud_sdk', 'models.py'), ['class Person:', '    def __init__(self):', '        r"""', '        :param _NickName: 昵称', '        :param _Total: 总数', '        """'].join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('fields of client libraries', () => {
  it('are read with the name on the wire and the words of their comment', () => {
    const fields = minedFields(folder).map(({ source, owner, name, description }) => `${source} ${owner}.${name} ${description}`)
    expect(fields.toSorted()).toEqual(['cloud_sdk Person.NickName 昵称', 'cloud_sdk Person.Total 总数', 'shop-sdk BuyerModel.certNo 证件号码,可空', 'shop-sdk BuyerModel.gmtCreate 创建时间', 'shop-sdk BuyerModel.mobile 手机号', 'shop-sdk BuyerModel.real_name 真实姓名'])
  })

  it('mean what their comment says in so many words, and else nothing', () => {
    expect([meaningOf('真实姓名,必填'), meaningOf('创建时间'), meaningOf('是否校验手机号'), meaningOf('用户唯一标识')]).toEqual(['person-name', 'none', null, null])
  })

  it('are told as their comments say', () => {
    expect(agreement(minedFields(folder), false)).toEqual({ fields: 6, personal: 3, found: 3, nobodys: 1, flagged: 0 })
  })
})
