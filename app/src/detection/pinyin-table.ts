// SPDX-License-Identifier: Apache-2.0
// Readings (拼音) of the characters that names of columns are made of; facts of the language. A character with two readings stands twice.

/** Syllables with their characters. */
export const pinyinLines = `
ai:爱 an:安案 ao:澳 bai:拜败 ban:伴办板版班 bang:绑 bao:保包宝报胞 bei:备背被 ben:本 bi:币比毕 bian:编 biao:标表 bie:別别 bin:宾 bing:兵病 bo:博搏驳 bu:不步部 cai:菜财采 can:参残餐 cang:仓 cao:操
ce:册测 ceng:层曾 cha:查 chan:产 chang:厂场常长 che:车 chen:辰 cheng:乘城成承称程 chi:尺持 chong:充 chou:酬 chu:储出初处 chuan:串传 chuang:创床 chun:醇 ci:次词 cong:从 cun:存寸村 cuo:错
da:大打答 dai:代待贷 dan:单担胆 dang:党当档 dao:到导道 de:得的 deng:登等 di:地底抵的第递 dian:典店点电 diao:调 ding:定订钉 dong:东动栋董 dou:抖 du:度读 duan:断段短端 dui:兑对队 e:额 er:二儿耳 fa:发法
fan:反范返 fang:房方访 fei:费飞 fen:份分粉 feng:风 fou:否 fu:付傅复服父肤负附 gai:改 gan:干 gang:岗港 gao:告高 ge:个格 gen:跟 geng:更 gong:供公工 gou:构沟购 gu:固故股顾 guan:关冠官惯管观贯 guang:广
gui:归规贵轨 guo:国果过 ha:哈 hai:孩害还 hang:航行 hao:号好 he:合核 hei:黑 hong:红虹 hou:候后 hu:乎呼户护 hua:划化花话 huai:怀 huan:患换 hui:会回徽惠汇 hun:婚 huo:伙活获货
ji:剂及基寄忌急技既机激疾积籍级继绩计记迹际集 jia:价假加家架甲驾 jian:件健建检监简荐见键间 jiang:奖讲 jiao:交叫教缴角 jie:介借接结街 jin:紧近进金 jing:京境径景精经警静 jiu:久就酒 ju:具居拒据距 juan:卷捐 jue:绝角 jun:军均 ka:卡
kai:开 kang:康 kao:考 ke:可客科课 kong:控 kou:口扣 ku:库 kuai:块快 kuan:宽款 kuang:况 kui:馈 kuo:廓 lai:来 lan:蓝览 lao:劳老 lei:类累 li:例利力历理离立 lian:练联脸链 liang:良辆量 liao:疗聊
lie:列 lin:临 ling:令零领龄 liu:流浏留 lou:楼 lu:录路陆 lun:论 luo:络 lv:旅率 ma:码麻 mai:买卖脉 man:慢满 mao:貌 men:门 mi:密 mian:免面 miao:描苗 min:敏民 ming:名明 mo:末模膜陌 mu:模母目 na:纳
nan:男 nao:脑 ne:呢 nei:内 ni:拟昵 nian:年 niao:尿 nong:农 nv:女 ou:偶 pai:拍排派牌 pan:盘 pei:培配 pi:批皮 pian:偏片 piao:票 pin:品拼聘频 ping:凭平评 pu:铺 qi:企其器期气汽起骑 qia:卡
qian:前欠签钱 qin:亲勤 qing:情请 qiu:求 qu:区取渠趣 quan:全券权 ran:染然 re:热 ren:人任 ri:日 rong:容 ru:入 sai:赛 san:三 sao:扫 se:色 shang:上伤商 shao:绍 she:社设 shen:审申神身 sheng:剩声生省
shi:事史士失始实室市师式施时是氏湿示视识试释食驶 shou:受售手授收首 shu:书属数术殊述 shua:刷 shui:水税 shuo:说 si:丝司死私 song:送 su:诉 suan:算酸 sui:岁随 suo:所 ta:他它 tai:台态抬 tan:坛谈 tang:糖 tao:套淘
te:特 ti:体提题 tian:填天 tiao:条跳 ting:停听庭 tong:同瞳童统通 tou:头投 tu:图 tuan:团 tui:推退 tun:臀 tuo:托脱 wai:外 wan:完湾 wang:往旺望网 wei:位味唯围委微纬维违 wen:文温纹问 wo:我 wu:五务屋物误
xi:习吸喜希息戏系细 xia:下辖 xian:县嫌现线限险 xiang:乡像向相箱详象项香 xiao:小效校消销 xie:写 xin:信心新薪 xing:兴型姓形性星行 xiong:胸 xiu:修 xu:序蓄虚许需 xuan:选 xue:学血 xun:训讯询 ya:压押牙 yan:烟盐眼言颜验
yang:仰养阳 yao:腰药要邀钥 ye:业页 yi:一乙医已异意易疑疫益移议 yin:印因姻银阴隐音饮 ying:应英营 yong:永用 you:优右幼有游由邮 yu:与余域育语逾预 yuan:元原员愿源远院 yue:月约阅 yun:孕运 zai:在 ze:责 zeng:增赠 zhai:债宅摘
zhan:站 zhang:帐掌章账长障 zhao:照 zhe:折者 zhen:真诊镇 zheng:征政整正症证 zhi:值制址志执指支治直知织置职脂至芝质 zhong:中众种终重 zhou:周州 zhu:主住嘱注筑驻 zhua:抓 zhuan:专转 zhuang:庄状装 zhui:追 zhun:准
zhuo:桌 zi:咨子字自资 zong:宗总踪 zou:走 zu:族租组 zui:最 zuo:作坐左座
chuo:绰 ji:纪肌 jin:津禁 tie:贴 bu:补 yu:遇 xiu:休 ling:灵 luo:落 zan:暂 suo:缩 shu:舒 zhang:张 dan:蛋 bai:白 gan:肝甘酐 gong:功 neng:能 shen:肾 you:油 zhi:酯 an:氨 mei:酶 zui:醉 gu:估 ying:婴影 wang:亡 qian:遣 yuan:园 cheng:惩
ai:艾 bai:百 ban:搬半 bi:笔 bian:便变 bing:丙 bo:播 cai:裁 ce:侧 chao:超 chen:陈 chi:齿 chong:宠 chu:础 dai:带 dao:刀 di:低 du:毒独 fan:饭 fang:放防 fu:抚辅腹福副 ge:歌 gong:共宫 gu:骨 guang:光 gui:柜 han:函 hua:画 huan:欢 ji:季脊极 jia:嘉 jian:鉴 jing:镜 jiu:救 ju:剧举 kan:看 kang:抗 kuang:框 kun:困 lan:揽 lang:郎 li:里礼 lian:连 liao:料 liu:瘤 lv:律履 mei:梅 mian:娩眠 nan:难 niang:娘 pan:判 pei:陪 peng:朋 pin:贫 qiang:腔强 qiu:球 qu:龋屈 quan:圈 qun:群 ren:妊认 rou:肉 sha:纱 shai:筛 she:舍舌 shen:娠 shi:逝 shu:束 shui:睡 sun:损 tai:胎 tie:帖 wan:玩弯 wei:喂 xi:西 xian:显献 xie:卸谢 xing:醒 xu:恤续 xuan:宣 yang:样氧羊 ye:夜 yi:仪艺遗依 ying:映 yong:佣 you:友 zai:载 ze:择 zhan:展战 zhi:致 zhong:肿 zhou:轴 zhu:助柱 zi:滋 zong:综 zun:尊
`
