// SPDX-License-Identifier: Apache-2.0

/** Words that warehouses and old systems shorten, with what they stand for; tried when a name says nothing as it is written. */
export const abbreviations: ReadonlyMap<string, string> = new Map(
  `gndr gender gdr gender sx sex brth birth bth birth bir birth brthdt birth_date dt date tm time ts time nm name nme name fnm first_name lnm last_name mnm middle_name frst first fst first lst last mdl middle
  cust customer cstmr customer custm customer cus customer clnt client mbr member mem member memb member usr user pat patient ptnt patient pt patient stu student stdnt student emp employee psn person pers person pax passenger psgr passenger gst guest
  addr address adr address addrs address str street strt street ln line prov province prv province cty city cntry country ctry country dist district dstrct district rgn region zp zip pst postal pstcd postcode pcode postcode loc location
  phn phone ph phone fon phone mob mobile mbl mobile mobl mobile cel cell tlp telephone eml email mail email cntct contact ctct contact cont contact emrg emergency emer emergency
  idn id_number ident identity crt cert cert certificate ppt passport pspt passport lic license licn license drv driver drvr driver mil military natl national ssno ssn
  edu education educ education deg degree dgr degree univ university sch school occ occupation occp occupation occup occupation prof profession pos position desig designation ttl title mar marital mrtl marital marr marriage mrg marriage mrtg marriage
  eth ethnicity ethn ethnicity relg religion rlgn religion natn nation nat nationality inc income incm income sal salary slry salary wg wage
  acct account acc account acnt account bnk bank crd card crdt credit cr credit dbt debit bal balance amt amount lim limit lmt limit scr score scor score ovrd overdue od overdue pmt payment paymt payment pay payment txn transaction trx transaction trans transaction
  veh vehicle vhcl vehicle plt plate lp license_plate chas chassis eng engine ins insurance insr insurance med medical medi medical diag diagnosis dx diagnosis alg allergy alrgy allergy wt weight ht height bp blood_pressure bld blood dis disease
  dev device dvc device devc device org organization comp company co company cmpny company corp corporation vndr vendor splr supplier mfr manufacturer tx tax txpyr taxpayer inv invoice
  rmk remark rmrk remark rem remark cmt comment cmnt comment msg message memo memo sig signature pic picture img image pht photo ava avatar avtr avatar pswd password psw password pw password tkn token
  pref preference prefs preferences hob hobby intr interest cd code cde code no no nbr number num number lvl level lv level typ type tp type sts status stat status flg flag ind flag cnt count qty quantity prc price rt rate desc description grp group cat category ctgr category seq seq ver version
  wcht wechat wchat wechat wx_acct wechat marg marital mari marital incm income stat status typ type brth birth natlty nationality rsdnc residence sps spouse nok next_of_kin ctrlr controller bnfcry beneficiary hist history hx history bld blood grp group vax vaccine preg pregnancy rslt result
  rcv receiver rcvr receiver recv receiver rcpt recipient snd sender sndr sender cnee consignee shpr shipper ord order prd product prod product itm item dept dept mgr manager spvr supervisor drct director sup supplier`
    .trim().split(/\s+/).flatMap((word, i, all): [string, string][] => (i % 2 === 0 ? [[word, all[i + 1] ?? '']] : [])),
)

/** Words at a name's end that say in what form a quality is kept: its code, its level. What stands before them is the quality. */
export const formsOfQualities = new Set('class bracket grade code cd level lvl flag flg name desc description value val id no num number range band group status key type state text label info nm mc dm bm typ stat tag tags'.split(' '))

/** Words before `state` that make it a place; others make it a status. */
export const placeQualifiers = new Set('ship shipping bill billing home birth mailing residence customer cust address addr contact current permanent country payment delivery mail primary alt other office work_place receiver consignee store company us license licence issuing issue dl'.split(' '))
