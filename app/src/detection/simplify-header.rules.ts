// SPDX-License-Identifier: Apache-2.0

// Traditional characters that names of columns are written with in Hong Kong, Macao and Taiwan, each before its simplified form (通用规范汉字表, table of traditional forms).
const pairs =
  '電电話话號号碼码證证郵邮區区職职業业學学歷历狀状態态況况備备註注緊紧聯联絡络連连繫系係系帳账戶户銀银車车國国機机構构單单稱称總总經经濟济縣县鄉乡鎮镇門门樓楼層层棟栋間间護护駕驾駛驶發发買买賣卖賬账貨货訂订購购運运費费額额數数價价錢钱時时開开關关編编輯辑錄录檔档條条標标誌志類类別别級级顏颜規规產产種种來来處处員员師师醫医療疗藥药過过診诊斷断檢检驗验體体溫温視视聽听殘残險险養养資资獎奖勞劳務务稅税識识' +
  '統统組组織织團团隊队創创審审辦办負负責责領领導导遊游賓宾館馆飯饭廳厅廠厂場场廣广東东臺台灣湾島岛歲岁齡龄齢龄誕诞農农曆历節节紀纪記记憶忆遺遗繼继親亲屬属兒儿孫孙爺爷媽妈爾尔貝贝貴贵顧顾問问題题見见議议評评論论諮咨詢询訪访談谈語语獻献會会頭头圖图畫画簽签筆笔跡迹聲声紋纹臉脸紅红綠绿藍蓝黃黄網网頁页鏈链結结軟软裝装設设環环衛卫動动愛爱興兴習习慣惯傾倾黨党選选舉举權权義义訴诉訟讼罰罚執执駐驻營营銷销鋪铺' +
  '櫃柜檯台盤盘點点庫库進进補补償偿還还貸贷債债擔担書书據据憑凭離离異异喪丧獨独撫抚贍赡監监園园畢毕課课績绩積积優优劃划計计賽赛獲获榮荣譽誉傳传腦脑線线紙纸張张葉叶趙赵馬马鄭郑許许韓韩馮冯鄧邓蕭萧龍龙寶宝寢寝雙双歡欢難难靈灵殺杀滅灭煙烟飲饮葷荤臨临寫写後后裡里裏里麼么個个們们與与為为從从對对當当應应該该實实際际屆届滿满終终極极願愿擇择擁拥擴扩攝摄匯汇鑰钥鎖锁閱阅讀读遞递範范圍围頻频帶带塊块轉转讓让繳缴' +
  '廢废預预約约報报鐘钟籤签淨净餘余減减適适遷迁徵征婦妇嬰婴錯错誤误復复腫肿脈脉壓压臟脏術术絕绝內内勢势樣样戰战軍军純纯盡尽盧卢達达爭争辭辞鑑鉴贈赠貼贴賴赖軌轨蹤踪遠远郷乡鑒鉴閉闭隱隐雜杂靜静顯显飛飞驛驿鮮鲜麥麦齊齐氣气歸归漢汉濕湿爐炉牆墙獄狱瑪玛盜盗矯矫碩硕禮礼穩稳競竞簡简糧粮給给綜综維维緣缘縮缩罷罢聖圣膚肤舊旧蘭兰蟲虫製制複复觀观觸触譯译讚赞貧贫賠赔賺赚贖赎趕赶輔辅輪轮輸输遲迟醜丑釋释鋼钢錶表鍵键' +
  '鐵铁階阶隸隶雲云韻韵順顺項项顆颗風风驅驱鬆松鬥斗'
const simplified = new Map<string, string>()
const characters = [...pairs]
for (let i = 0; i + 1 < characters.length; i += 2) simplified.set(characters[i] ?? '', characters[i + 1] ?? '')
// Words that differ, not only their characters.
const words: readonly (readonly [RegExp, string])[] = [[/[行流]动电话/g, '手机'], [/电邮(?!箱)(?:地址)?/g, '邮箱'], [/身分证/g, '身份证'], [/邮递区号/g, '邮编'], [/登入/g, '登录'], [/品项/g, '商品'], [/连络/g, '联络'], [/统一编号/g, '税号']]

/** A Chinese name of a column in simplified characters, and in the words of the mainland. */
export function simplifyHeader(text: string): string {
  let plain = ''
  for (const char of text) plain += simplified.get(char) ?? char
  for (const [word, ours] of words) plain = plain.replace(word, ours)
  return plain
}
