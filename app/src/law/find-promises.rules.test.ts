// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { dayOf } from '../kit/time.ts'
import { clausesOf, findPromises } from './find-promises.rules.ts'
import { personsByVersion } from './privacy-versions.rules.ts'

const promisesIn = (...lines: string[]) => findPromises(clausesOf(lines.map((text, at) => ({ place: at + 1, text }))))
const said = (...lines: string[]) => promisesIn(...lines).map(({ kind, exceptions }) => [kind, ...exceptions].join(' '))

describe('promises in a privacy notice', () => {
  it.each([
    ['我们不会向任何第三方提供您的个人信息。', ['no-third-party']],
    ['本公司承诺绝不与第三方共享您的信息。', ['no-third-party']],
    ['我们不对外共享您的个人信息。', ['no-third-party']],
    ['未经您的同意,我们不会向其他公司、组织和个人披露您的个人信息。', ['no-third-party consent']],
    ['除法律法规另有规定外,我们不会将您的信息转让给他人。', ['no-third-party law']],
    ['我们不会将您的信息分享给第三方,除非事先获得您的明确授权或为履行订单所必需。', ['no-third-party consent necessary-service']],
    ['我们不会出售您的个人信息。', ['no-sale']],
    ['您的信息仅用于为您提供会员服务。', ['purpose-only']],
    ['我们不会将收集的信息用于本政策未载明的其他目的。', ['purpose-only']],
    ['我们在中国境内收集的信息存储于中华人民共和国境内。', ['no-export']],
    ['我们不会用您的信息做其他用途;', ['purpose-only']],
    ['我们只会在达成目的所需的期限内保留您的个人信息,除非法律另有要求。', ['retention-limit law']],
    ['您的个人信息不会出境。', ['no-export']],
    ['您注销账户后,我们将删除您的个人信息。', ['delete-on-closure']],
    ['如需向其他处理者提供您的信息,我们将征得您的单独同意。', ['separate-consent']],
    ['如发生合并、分立或破产清算,我们将向您告知接收方的名称和联系方式。', ['tell-before-transfer']],
    ['我们不会转让您的个人信息。', ['no-third-party']],
    ['未经用户同意,任何情况下均不得对外公开或提供用户资料。', ['no-third-party consent']],
    ['未经您许可,我们不会把您的信息给别人。', ['no-third-party consent']],
    ['仅在本公司内部使用', ['no-third-party', 'purpose-only']],
    ['绝对保密,绝不外泄', ['no-third-party']],
    ['除为完成合并、收购外,我们不会转让您的个人信息', ['no-third-party restructuring']],
    ['No personal data is ever passed to third parties', ['no-third-party']],
    ['您的资料,我们承诺在任何情况下,均不予公开。', ['no-third-party']],
    ['您不提供手机号的,我们不会向第三方提供您的其他信息。', ['no-third-party']],
    ['我们对您的个人信息严格保密。', ['no-third-party']],
    ['Your details will not be disclosed.', ['no-third-party']],
    ['客户资料不作他用。', ['purpose-only']],
    ['我们不会使用您的照片。', ['purpose-only']],
    ['我们不会留存您的支付信息。', ['retention-limit']],
    ['您的数据仅存放在境内机房。', ['no-export']],
    ['新的持有您个人信息的公司将继续受本政策的约束。', ['successor-bound']],
    ['We will not sell your information, and we do not share it with third parties unless you give your consent.', ['no-third-party consent', 'no-sale consent']],
  ])('%s', (text, expected) => {
    expect(said(text).toSorted()).toEqual(expected.toSorted())
  })

  it.each([
    '我们可能会向合作的第三方提供您的收货地址。',
    '我们会与第三方共享您的信息吗?',
    '您不得将账号转让给他人。',
    '我们要求第三方不得将您的信息用于其他目的。',
    '我们不得不向司法机关提供您的信息。',
    '我们非常重视您的隐私。',
    '如您不提供手机号,我们将无法为您发货。',
    '若您选择不提供上述信息,不影响其他功能。',
    '注销后我们将不再为您提供产品或服务。',
    '我们不会给您发送商业短信。',
    '我们与受托方签署严格的保密协议。',
    '我们会要求服务商严格保密。',
    '不可抗力造成的损失由双方协商。',
  ])('is no promise of ours: %s', (text) => {
    expect(said(text)).toEqual([])
  })

  it('reads the list that 但以下情形除外 opens, and stops where it ends', () => {
    const found = promisesIn(
      '(二)转让', '我们不会将您的个人信息转让给任何公司、组织和个人,但以下情形除外:', '1、获得您的明确同意后;', '2、在涉及合并、收购或破产清算时,我们会要求新的公司继续受本政策约束。',
      '(三)公开披露', '我们仅在法律要求时公开披露您的信息。',
    )
    expect(found.find(({ kind }) => kind === 'no-third-party')).toMatchObject({ clause: 2, exceptions: ['consent', 'restructuring'] })
  })

  it('reads the same list when it stands in one line', () => {
    expect(said('我们不会向第三方共享您的信息,但下列情况除外:1、经您授权;2、根据法院的要求;3、与关联公司共享必要的信息。')[0]).toBe('no-third-party affiliate consent law necessary-service')
  })

  it('finds no exception where none is written: the next paragraph is not a list', () => {
    expect(said('我们不会向第三方提供您的信息。', '1、经您同意,我们会发送营销短信。')).toContain('no-third-party')
  })

  it('reads a period of retention, in figures and in words', () => {
    const days = (text: string) => promisesIn(text).map(({ kind, days: length }) => [kind, length])
    expect(days('我们保存您的订单信息的期限为3年。')).toEqual([['retention-limit', 1095]])
    expect(days('日志保存六个月。')).toEqual([['retention-limit', 180]])
    expect(days('我们保留您的信息十二个月,期满删除。')).toEqual([['retention-limit', 360]])
    expect(days('我们仅在必要的期限内保存您的信息。').length).toBeLessThanOrEqual(1)
  })

  it('numbers clauses over the whole text and keeps their places', () => {
    expect(clausesOf([{ place: 3, text: '甲。乙;丙' }, { place: 7, text: '丁。' }]).map(({ number, place, text }) => [number, place, text])).toEqual([[1, 3, '甲。'], [2, 3, '乙;'], [3, 3, '丙'], [4, 7, '丁。']])
  })

  it('counts persons by the name of the version, else by every version in force in the year of consent', () => {
    const versions = [{ id: 'a', version: 'v1', from: dayOf('2020-01-01'), until: dayOf('2023-06-30') }, { id: 'b', version: 'v2', from: dayOf('2023-07-01'), until: null }]
    const rows = [{ version: 'v1', year: '2025', persons: 5 }, { version: null, year: '2023', persons: 7 }, { version: 'v9', year: '2024', persons: 2 }, { version: null, year: null, persons: 3 }, { version: null, year: '2010', persons: 1 }]
    const { persons, without } = personsByVersion(rows, versions)
    expect([persons.get('a'), persons.get('b'), without]).toEqual([12, 9, 4])
  })
})
