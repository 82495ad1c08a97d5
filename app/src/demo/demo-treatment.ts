// SPDX-License-Identifier: Apache-2.0
// What the demo transferor says of its data sets (purposes, bases, retention): the file that `handover treat --file` reads.
import type { TreatmentFile } from '../lifecycle/classify/index.ts'
import { contractNames } from './demo-contracts.ts'

type FileSet = TreatmentFile['dataSets'][number]
type FileGroup = FileSet['groups'][number]

const common = {
  purposeState: 'live', purposeMetWhere: [], onlyForNewPurpose: false, contractAssent: 'none', biometric: 'none', faceRoute: 'enrol-anew', majorEffect: false,
  recordsClasses: [], yearFacet: null, designatedBody: false, removal: 'destroy', neededForTransfer: false, neededForContract: false,
} as const

/** Customers signed membership terms that allow the contract to be assigned (民法典 第五百五十五条). */
const service = (columns: FileGroup['columns']): FileGroup => ({ ...common, recordsClasses: [], purposeMetWhere: [], name: '售后与会员服务', purposes: ['售后服务', '会员服务'], basis: 'contract', contractAssent: 'all', neededForTransfer: true, neededForContract: true, columns })
/** Collected on consent; nobody hands it on without a separate consent (个人信息保护法 第二十三条). */
const preference = (columns: FileGroup['columns']): FileGroup => ({ ...common, recordsClasses: [], purposeMetWhere: [], name: '偏好', purposes: ['个性化推荐'], basis: 'consent', neededForTransfer: true, columns })
/** Collected once for a warranty check that is over: never padded into the package (rule B08). */
const overCollected = (columns: FileGroup['columns']): FileGroup => ({ ...common, recordsClasses: [], purposeMetWhere: [], name: '身份核验', purposes: ['保修登记核验'], basis: 'consent', purposeState: 'over-collected', columns })

const ofCompany = { holdsPersons: true, collected: 'direct', lawfulSource: 'lawful' } as const
const suzhou = [{ facet: 'branch', values: ['苏州门店'] }]
const branchFacet = (column: string): FileSet['facets'][number] => ({ name: 'branch', as: 'text', column })

/** The treatment of the asset transfer: 苏州门店 stays with the transferor, which goes on serving those customers. */
export function assetTransferTreatment(titleSets: readonly string[]): TreatmentFile {
  const staying = { staysWhere: suzhou, servedWhere: suzhou }
  return {
    version: 1,
    dataSets: [
      {
        ...ofCompany, ...staying, dataSet: '客户登记', facets: [branchFacet('服务门店')],
        groups: [
          service(['客户编号', '姓名', '性别', '手机号', '出生日期', '所在地区', '详细地址', '电子邮箱', '服务门店', '会员等级']),
          overCollected(['身份证号']),
          preference(['偏好备注']),
        ],
      },
      { ...ofCompany, staysWhere: [], servedWhere: [], dataSet: '2015老客户', facets: [], groups: [{ ...service('*'), name: '历史客户', purposeState: 'expired', neededForTransfer: false }] },
      { ...ofCompany, ...staying, dataSet: '售后工单.csv', facets: [branchFacet('服务门店')], groups: [service('*')] },
      { ...ofCompany, ...staying, dataSet: 'users', facets: [branchFacet('branch')], groups: [service('*')] },
      { ...ofCompany, ...staying, dataSet: 'orders', facets: [branchFacet('branch')], groups: [service('*')] },
      {
        // Originals of accounting vouchers stay with the unit that made them (会计档案管理办法 第二十一条), sealed for thirty years.
        ...ofCompany, staysWhere: [], servedWhere: [], dataSet: 'invoices', facets: [branchFacet('branch'), { name: 'year', as: 'text', column: 'fiscal_year' }],
        groups: [{ ...common, purposeMetWhere: [], name: '发票存根', purposes: ['会计核算'], basis: 'legal-duty', recordsClasses: ['RT01', 'RT06', 'RT07'], yearFacet: 'year', columns: '*' }],
      },
      // A contract is one record, whole: it goes where the service goes.
      ...contractNames.map((dataSet): FileSet => ({ ...ofCompany, ...staying, dataSet, facets: [branchFacet('服务门店')], groups: [service('*')] })),
      ...titleSets.map((dataSet): FileSet => ({
        holdsPersons: false, collected: 'direct', lawfulSource: 'lawful', staysWhere: [], servedWhere: [], dataSet, facets: [],
        groups: [{ ...common, purposeMetWhere: [], recordsClasses: [], name: '表头文字', purposes: ['登记表格式'], basis: 'other-law', purposeState: 'met', columns: '*' }],
      })),
    ],
  }
}

/** The treatment of the liquidation: nobody goes on; vouchers are sealed with the custodian, all else ends. */
export function liquidationTreatment(titleSets: readonly string[]): TreatmentFile {
  const whole = assetTransferTreatment(titleSets)
  return { ...whole, dataSets: whole.dataSets.map((set) => ({ ...set, staysWhere: [], servedWhere: [] })) }
}
