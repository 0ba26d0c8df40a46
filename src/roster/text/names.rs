//! Words and characters that rosters are full of, to tell a right reading from a wrong one.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Headers and words that fill a whole cell of a roster.
pub const HEADERS: [&str; 40] = [
    "姓名",
    "名字",
    "类别",
    "奖项",
    "编号",
    "工号",
    "学号",
    "邮箱",
    "日期",
    "年度",
    "城市",
    "部门",
    "备注",
    "单位",
    "电话",
    "手机",
    "序号",
    "学校",
    "班级",
    "职位",
    "類別",
    "獎項",
    "編號",
    "工號",
    "學號",
    "信箱",
    "部門",
    "備註",
    "單位",
    "電話",
    "手機",
    "序號",
    "學校",
    "班級",
    "氏名",
    "名前",
    "お名前",
    "フリガナ",
    "区分",
    "성명",
];

/// Whether a character is one of those that many names have.
pub fn is_common(c: char) -> bool {
    static CHARACTERS: LazyLock<HashSet<char>> = LazyLock::new(|| COMMON.chars().collect());
    CHARACTERS.contains(&c)
}

/// Characters of Chinese, Japanese and Korean names, the most frequent of each: family names first,
/// then given ones, in simplified and in traditional forms.
const COMMON: &str = "\
王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆\
范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤詹游柯翁温邢庄施俞殷翟安倪\
張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮蕭葉蔣餘蘇呂盧鍾譚陸賈鄒閆龍賀顧龔萬錢嚴湯莊簡\
伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文志海丹春梅婷雪琳晓倩颖欣怡佳慧宇浩轩子涵梓俊博思雨晨阳\
鹏飞凯波斌辉鑫帅宁旭东亮峰健龙玲燕萍莉蕾薇琴云莲真环荣爱妹香月莺媛瑞凡嘉琼勤珍贞青若雯美娅琦晶岚彩珠雅可心瑶然圣\
偉靜麗強軍豔傑濤剛華蘭紅國曉穎軒陽鵬飛凱輝帥寧東燁雲蓮環榮愛鶯瓊貞嵐瑤聖雅惠淑芬君豪承翰宗柏冠廷哲瑋筱\
佐藤鈴木高橋田中伊渡辺山本村小加吉川井上松清斎崎森池阿部橋石前後岡長谷近坂遠青福西原竹三宮内上野太郎次一二花\
子美優翔大輝健介直樹拓也愛真由香織恵裕智典和彦修\
김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지나영수준현훈도예은경희미숙순옥자상\
동재호원연철선태규석종형기용병건승혜아린윤시";
