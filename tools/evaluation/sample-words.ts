// SPDX-License-Identifier: Apache-2.0
// Word lists of the evaluation's invented tables; written apart from the recognisers' own lists.
const list = (words: string): string[] => words.trim().split(/\s+/)
const lines = (text: string): string[] => text.trim().split('\n')

/** Chinese surnames, frequent and rare, some of two characters. */
export const surnames = list('王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文 欧阳 上官 司马 诸葛 尉迟 皇甫 慕容 司徒')
/** Characters of given names. */
export const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉梓涵欣怡浩宇轩子墨思远博文天佑俊熙雨桐诗晨曦瑶若溪奕辰泽一诺']
/** Names of minorities, written with a dot. */
export const dotted = list('阿依古丽·买买提 买买提·艾力 古丽娜尔·阿不都 艾合买提·肉孜 帕提古丽·吐尔逊 乌兰·巴特尔')
/** English given names and surnames, not only frequent ones. */
export const firstEnglish = list('Linda Carlos Annette Roland Yoshi Helen Marta Diego Paulo Victoria Philip Hari Jytte Karin Pirkko Anabela Dominique Janete Ingrid Thomas Margaret Nancy Steven Laura Andrew Robert Jane Michael Kenneth Terri Roberto Rob Gail Jossef Dylan Diane Gigi Ovidiu Thierry Janice Sharon David Kevin John Mary Jill James Wei Priya Fatima Olu Sven')
/** English surnames. */
export const lastEnglish = list('Anderson Trujillo Moreno Hardy Berglund Moos Citeaux Sommer Lebihan Ashworth Cruz Devon Labrune Domingues Franken Afonso Pipps Roulet Saavedra Schmitt Fonseca Bennett Latimer Nagy Feuer Messner Wilson Pavarotti Parente Mendel Duffy Tamburello Walters Erickson Goldberg Miller Margheim Matthew Raheem Cracium Salavaria Smith Johnson Brown Okafor Nguyen Ivanova Takahashi')
/** Provinces, cities and districts, as tables write them. */
export const provinces = list('北京市 上海市 天津市 重庆市 广东省 浙江省 江苏省 山东省 四川省 湖北省 湖南省 河南省 河北省 福建省 安徽省 辽宁省 陕西省 云南省 江西省 广西壮族自治区')
/** Cities. */
export const cities = list('广州市 深圳市 杭州市 宁波市 南京市 苏州市 无锡市 济南市 青岛市 成都市 绵阳市 武汉市 长沙市 郑州市 洛阳市 石家庄市 福州市 厦门市 合肥市 沈阳市 大连市 西安市 昆明市 南昌市 南宁市')
/** Districts and counties. */
export const districts = list('天河区 白云区 南山区 福田区 西湖区 余杭区 鼓楼区 玄武区 姑苏区 历下区 市南区 武侯区 锦江区 洪山区 岳麓区 金水区 思明区 雁塔区 碑林区 和平区 青羊区 昌平区 海淀区 浦东新区 长兴县 昆山市')
/** Roads and estates. */
export const roads = list('天河路 人民南路 解放大道 中山路 文三路 学院路 建设一路 科技二街 文昌巷 长江西路 凤凰大街 滨河东路 南京西路 复兴路 大学城北路 迎宾大道 和平里 青年路 朝阳北大街 桂林路')
/** Housing estates. */
export const estates = list('阳光花园 万科城 锦绣华庭 碧桂园 翡翠湾 金色家园 恒大绿洲 水岸名都 幸福小区 紫荆苑 中海国际 龙湖天街 保利香槟 书香门第 丽景公寓')
/** Countries. */
export const countries = list('中国 美国 日本 韩国 英国 法国 德国 新加坡 加拿大 澳大利亚')
/** Cities abroad. */
export const citiesEnglish = ['Berlin', 'México D.F.', 'London', 'Luleå', 'Mannheim', 'Strasbourg', 'Madrid', 'Marseille', 'Tsawassen', 'Buenos Aires', 'Bern', 'São Paulo', 'Aachen', 'Nantes', 'Graz', 'Seattle', 'Kirkland', 'Redmond', 'Lethbridge', 'Boston', 'Melbourne', 'Nagoya', 'Portland', 'Cork']
/** States and provinces abroad. */
export const statesEnglish = list('WA OR CA NY TX BC Alberta QLD Texas California SP RJ Essex Táchira Québec ID MT AK')
/** Countries in English. */
export const countriesEnglish = ['Germany', 'Mexico', 'UK', 'Sweden', 'France', 'Spain', 'Canada', 'Argentina', 'Switzerland', 'Brazil', 'Austria', 'Italy', 'Portugal', 'USA', 'Venezuela', 'Ireland', 'Belgium', 'Norway', 'Denmark', 'Finland', 'Poland']
/** Streets abroad. */
export const streetsEnglish = ['Obere Str. 57', 'Avda. de la Constitución 2222', '120 Hanover Sq.', 'Berguvsvägen 8', '24, place Kléber', 'C/ Araquil, 67', '23 Tsawassen Blvd.', 'Hauptstr. 29', '8489 Strong St.', '1970 Napa Ct.', '9833 Mt. Dias Blv.', '47 MySakila Drive', '1411 Lillydale Drive', 'Rua Orós, 92', '67, avenue de l\'Europe', '507 - 20th Ave. E. Apt. 2A', '908 W. Capital Way', '7 Houndstooth Rd.', 'Av. Brasil, 442', '2732 Baker Blvd.', 'Via Ludovico il Moro 22', '89 Jefferson Way Suite 2', '1178 Via Valencia', 'Kirchgasse 6']
/** Pieces of companies' names. */
export const brandsOfCompanies = list('华信 宏达 鼎盛 恒通 瑞丰 金源 天成 博远 永兴 嘉禾 联创 中天 泰和 腾飞 百川 顺达 东升 盛世 新宇 德邦')
/** Trades of companies. */
export const trades = list('科技 贸易 建材 装饰工程 电子商务 机械制造 信息技术 食品 物流 文化传媒 医疗器械 服装')
/** Companies abroad. */
export const companiesEnglish = ['Alfreds Futterkiste', 'Ana Trujillo Emparedados', 'Around the Horn', 'Berglunds snabbköp', 'Blauer See Delikatessen', 'Bólido Comidas preparadas', 'Bottom-Dollar Markets', 'Atelier graphique', 'Signal Gift Stores', 'Australian Collectors, Co.', 'La Rochelle Gifts', 'Baane Mini Imports', 'Mini Gifts Distributors Ltd.', 'Euro+ Shopping Channel', 'Danish Wholesale Imports', 'Land of Toys Inc.', 'Toys of Finland, Co.', 'Google Inc.', 'JetBrains s.r.o.', 'Rogers Canada', 'Telus', 'Embraer - Empresa Brasileira', 'Min Lin Diecast', 'Exoto Designs', 'Motor City Art Classics', 'Welly Diecast Productions', 'Exotic Liquids', 'New Orleans Cajun Delights']
/** Schools. */
export const schools = list('浙江大学 武汉理工大学 南京师范大学 四川大学 深圳职业技术学院 西安交通大学 山东科技大学 北京邮电大学 长沙学院 福建师范大学')
/** Occupations. */
export const jobs = list('教师 医生 工程师 会计 销售经理 公务员 个体户 司机 护士 程序员 自由职业 退休 学生 律师 设计师 店长 客服主管 行政助理 仓库管理员 产品经理')
/** Occupations in English. */
export const jobsEnglish = ['Sales Representative', 'Owner', 'Order Administrator', 'Marketing Manager', 'Accounting Manager', 'Sales Agent', 'Vice President, Sales', 'Inside Sales Coordinator', 'Chief Executive Officer', 'Design Engineer', 'Production Technician - WC60', 'President', 'Sales Rep', 'VP Marketing', 'IT Staff', 'General Manager', 'Buyer', 'Janitor']
/** Diagnoses and findings. */
export const diagnoses = list('高血压 2型糖尿病 急性上呼吸道感染 慢性胃炎 腰椎间盘突出 无 冠心病 过敏性鼻炎 脂肪肝 甲状腺结节 正常 偏头痛 支气管哮喘 乙型肝炎 骨折术后')
/** Hobbies. */
export const hobbies = ['阅读', '旅游', '健身,跑步', '摄影', '喜欢喝茶', '钓鱼', '美食', '偏好简约风格', '看电影', '养花', '羽毛球']
/** Things that are sold. */
export const goods = ['恒温花洒套装', '智能马桶 S300', '不锈钢水槽双槽', '纯棉四件套1.8米', '无线蓝牙耳机', '儿童保温杯500ml', '北欧实木餐桌', '有机大米5kg', '空气净化器滤芯', '男士运动鞋春季款', '洗衣液家庭装', '电动牙刷', '车载手机支架', '鲜牛奶250ml*12', 'LED吸顶灯24W', '加厚窗帘布']
/** Things that are sold, in English. */
export const goodsEnglish = ['1969 Harley Davidson Ultimate Chopper', '1952 Alpine Renault 1300', 'Chai', 'Chef Anton\'s Gumbo Mix', 'Queso Cabrales', 'ACADEMY DINOSAUR', 'AFRICAN EGG', 'Mountain-200 Black, 42', 'HL Road Frame - Red, 58', 'Konbu', 'Tofu', 'BRIDE INTRIGUE', 'Sport-100 Helmet, Blue', 'The Titanic', '2003 Harley-Davidson Eagle Drag Bike', 'Ikura']
/** Notes that speak of a person. */
export const notes = ['客户{name}要求周末送货,电话{mobile}', '老客户,对花粉过敏,上门前先联系', '联系人改为{name},{mobile}', '已与{name}沟通,下周二再回访', '家里有小孩,希望安静施工', '地址改到{addr}', '客户嫌贵,考虑中', '{name}女士反映漏水,已安排师傅', '加微信 {wechat} 发报价', '情绪较激动,需主管回电', '喜欢现代风格,预算三万', '请送到门卫处,不要按门铃', '周末不在家,放快递柜', '']
/** Notes that do not. */
export const plainNotes = ['质量问题退货', '七天无理由', '尺寸不合适', '已处理', '商品描述不符', '包装破损,同意补发', '颜色和图片一致,物流很快', '好评', '还不错,下次再来', '', '', '审核通过', '缺货', '面料柔软,做工精细', '重复提交', '系统自动生成']
/** Sentences in English. */
export const sentencesEnglish = ['This replica features working kickstand, front suspension, gear-shift lever.', 'Customer requested that FedEx Ground is used for this shipping', 'A Epic Drama of a Feminist And a Mad Scientist', 'Great item, arrived on time.', 'Check on availability.', 'Difficult to negotiate with', 'Turnable front wheels; steering function; detailed interior.', 'We must be cautious with this order', '']
/** Lives in English. */
export const livesEnglish = ['Education includes a BA in psychology from Colorado State University. She is a member of Toastmasters International.', 'Andrew received his BTS commercial and a Ph.D. in international marketing from the University of Dallas.', 'Steven graduated from St. Andrews University and reads French.', 'Coffee lover, father of two, living in Cork.', 'Anne has a BA degree in English and is fluent in French and German.']
/** Lists of words for columns that nobody owns. */
export const wordsOf: Readonly<Record<string, readonly string[]>> = {
  word: ['操作成功', '用户管理', '登录成功', '参数错误', '默认', '下午', '任意时间', '密码错误', '字典管理', '面试', '送货'], words: ['钢材、木材销售', '洗护;家居;日用', '新品,热卖,包邮', '五金批发与零售', 'Trailers,Deleted Scenes', '母婴 玩具'],
  express: list('顺丰速运 中通快递 圆通速递 京东快递 邮政EMS 韵达'), payname: list('支付宝 微信支付 银联 wx_lite alipay_app 货到付款 余额支付'), category: list('家居 数码 服装 食品 明细 办公用品 瑜伽课 金卡套餐 经销商 零售'),
  brand: list('华为 小米 苹果 OPPO vivo 海尔 格力 荣耀'), model: list('iPhone13 Mate40Pro JL-Z900 KFR-35GW X50 C-260L MI11 特斯拉Model3 途观L'), attrs: ['颜色:红色;尺码:XL', '白色 1.8m', '{"颜色":"黑"}', '500ml', '默认规格', 'L/蓝'], dept: list('研发部 市场部 财务部 人事行政部 销售一部 深圳分公司 内科 骨科二病区'),
  browser: ['Chrome 12', 'Firefox', 'Safari 15', 'Microsoft Edge'], os: ['Windows 10', 'Mac OS X', 'Android 12', 'iOS 16.2', 'Linux'], status: list('已完成 待付款 已取消 在保 过保 承保 拒保 处理中'), level: list('金卡 银卡 普通会员 VIP1 A B C 高 中 低 黑铁'), store: list('天河店 万象城店 一号仓 东区仓库 总店 人民路店'),
  idtype: list('身份证 护照 居民身份证 军官证'), relation: list('父子 夫妻 母女 本人 配偶 朋友 兄弟'), politics: list('中共党员 群众 共青团员 民主党派'), channel: list('抖音 老客户介绍 线下门店 小红书 官网 电话营销'), yesno: list('是 否'), unit: list('件 个 箱 套 台'), color: list('红色 白色 黑色 蓝色 米白'),
  network: list('WIFI 4G 5G'), lang: list('zh_CN en-US fr de'), tz: ['Asia/Shanghai', 'Pacific Time (US & Canada)', 'UTC'], httpmethod: list('GET POST PUT DELETE'), adminname: list('admin admin admin ry system'), bank: ['中国工商银行', '招商银行杭州分行', '中国建设银行股份有限公司天河支行', '农业银行', '中国银行'],
  industry: list('教育 制造业 互联网 餐饮 房地产'), insurance: list('职工医保 居民医保 自费'), drug: list('阿莫西林胶囊 布洛芬缓释片 奥美拉唑 氨氯地平片 感冒灵颗粒'), dosage: ['一日三次,一次2粒', '口服 5mg qd', '饭后服用'], healthcode: list('绿码 绿码 绿码 黄码'), courtesy: list('Ms. Mr. Dr. Mrs.'), suffix: list('Jr. III Sr. IV'), cardtype: ['Vista', 'SuperiorCard', 'Distinguish', 'ColonialVoice'],
  ageband: list('18-25岁 26-35岁 36-45岁 46岁以上'), incomeband: list('5000以下 5000-10000 10000-20000 2万以上'), hour: ['09:00-21:00', '10:00-22:00', '24小时'], scale: list('1:10 1:12 1:18 1:24'), categoryen: ['Classic Cars', 'Motorcycles', 'Beverages', 'Condiments', 'Planes'], iso2: list('CN US GB DE FR JP CA'), apt: ['Suite 400', 'Level 3', 'Apt. 2A', '2nd Floor', ''],
}
/** Nicknames. */
export const nicks = [...lines('一只小猫\n风中的承诺\n阿杰\n吃货小李\nLucky99\n星辰大海\n暖暖的阳光\nKevin哥\n草莓味的夏天\n不知名用户\n小太阳🌞\n木子李\nAmy\n听雨\n微信用户\n岁月静好\ncoder_tom')]
/** Names spelt in letters. */
export const pinyinNames = ['ZHANG WEI', 'LI NA', 'WANG XIAOMING', 'chenjing', 'Liu Yang', 'OUYANG NANA', 'zhao lei', 'SUN LI', 'ZHOU JIE', 'wu min']
