// The page's own words, in two languages; what people and the bot write stays Chinese.
const WORDS = {
  zh: {
    title: "引路 · 演练", skip: "跳到手机", tour: "导览", other: "English",
    real: { roster: "这里是花名册里的真实人员，存放在临时副本里，结束演练即丢弃。什么也不会发出这台电脑。",
      copy: "这里是正式数据的临时副本，结束演练即丢弃。什么也不会发出这台电脑。" },
    lost: "与演练程序的连接断了。请看终端，重新运行演练。",
    clock: "时间", reminder: "到下一条提醒", day: "到第二天", minutes: "过 10 分钟", play: "演完这一轮", pause: "暂停",
    speed: "速度", speeds: ["每秒 10 分钟", "每秒 1 小时", "每秒 4 小时", "每秒 1 天", "不停顿"],
    timeline: "全部提醒（点一条就到那时）", phones: "手机", more: "再加一部手机", board: "各支部进度",
    faults: "制造故障", trouble_none: "网络正常", trouble_down: "连不上 Telegram", trouble_slow: "网络很慢",
    kill: "强行停止机器人", restart: "重新启动机器人", journal: "经过", running: "机器人正在运行。",
    dead: "机器人已停。大家仍可发消息，启动后一条不丢。", cut: "现在连不上 Telegram。恢复后会补上。",
    busy: { enrol: "正在准备：大家在开通账号", day: "时间在走", minutes: "时间在走", jump: "时间在走", play: "正在演" },
    before: "开学前", week: "第{n}周", weekday: "日一二三四五六", role: "角色", person: "人",
    roles: { student: "学生", mentor: "联系人、介绍人", committee: "组织委员", secretary: "书记", office: "学院", none: "其他" },
    audience: { student: "学生", mentor: "老师", committee: "组织委员", secretary: "书记", office: "学院", group: "群" },
    chat_private: "私聊", chat_group: "支部群", held: "由我来演（不勾选则自己行动）", open: "打开开通链接", start: "开始",
    factor: "机器人问编号后四位时，回答 {n}。", write: "消息", send: "发送", attach: "文件", reply: "回复", replying: "回复：{n}",
    cancel: "取消", close: "收起这部手机", commands: "命令", edited: "已修改", silent: "静音", picture: "图片", me: "我",
    empty: "还没有消息。", not_open: "这个人还没有开通。", unread: "未读 {n} 条", done: "已发", coming: "待发",
    talk: "谈话", form: "登记表", not_enrolled: "未开通 {n} 人", students: "{n} 名学生",
    states: { none: "未谈", claimed: "等老师确认", confirmed: "老师已确认", disputed: "待核实",
      not_handed_out: "未发放", handed_out: "已发放", received: "已收", archived: "已归档" },
    tour_title: "五步导览", next: "下一步", end: "结束导览", step_of: "第 {n} 步，共 5 步",
    steps: [
      ["学生收到提醒", "第二周的周一上午，机器人请学生约老师谈话。点这里，让时间走到那时；别的人会自己行动。", "到第二周周一"],
      ["学生登记谈话", "在学生的手机上点“已谈话”，再选“今天”。也可以直接打字：已谈。", null],
      ["老师确认", "老师的手机马上收到了请求。在老师的手机上点“属实”，看右边的进度怎样变化。", null],
      ["组织委员收表", "学生把老师签了字的登记表交来了。在组织委员的手机上发 /forms，点“收表”，再点这名学生的名字。", null],
      ["书记看进度", "在书记的手机上发送 /status，或者直接打“进度”。", null]],
    did: "✓ 做到了。看看手机和右边的进度，然后点“下一步”。",
    colon: "：", all_sent: "这一轮的提醒已经全部发完。", time_is_over: "时间不能倒流。要重新来过，请重新运行演练。",
    time_goes_on: "时间正在走。请先暂停。", is_dead: "机器人已经停了，请先启动。", is_running: "机器人正在运行。",
    is_cut_off: "现在连不上 Telegram。请先把网络改回正常，再启动机器人。", killed: "机器人被强行停止", restarted: "机器人重新启动",
    bot_ended: "机器人意外停止", is_impossible: "这一步现在做不了：消息或按钮可能已经变了，请看最新的一条。",
    over: "导览结束。现在可以换人、打字、制造故障，或者让大家自己演完这一轮。",
  },
  en: {
    title: "Yinlu · rehearsal", skip: "To the phones", tour: "Tour", other: "中文",
    real: { roster: "These are the real people of your roster, in a scratch copy that is thrown away at the end. Nothing leaves this computer.",
      copy: "This is a scratch copy of your real data, thrown away at the end. Nothing leaves this computer." },
    lost: "The rehearsal has ended. Look at the terminal and run it again.",
    clock: "Time", reminder: "Next reminder", day: "Next day", minutes: "10 minutes on", play: "Play the term", pause: "Pause",
    speed: "Speed", speeds: ["10 min a second", "1 hour a second", "4 hours a second", "1 day a second", "no pauses"],
    timeline: "Every reminder (press one to go there)", phones: "Phones", more: "One more phone", board: "The branches",
    faults: "Faults", trouble_none: "Network is well", trouble_down: "Telegram is down", trouble_slow: "Network is slow",
    kill: "Kill the bot", restart: "Start the bot again", journal: "What happened", running: "The bot is running.",
    dead: "The bot is off. People may still write: nothing will be lost.", cut: "Telegram can't be reached. It catches up afterwards.",
    busy: { enrol: "Preparing: people are enrolling", day: "Time is passing", minutes: "Time is passing", jump: "Time is passing", play: "Playing" },
    before: "before term", week: "week {n}", weekday: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"], role: "Role", person: "Person",
    roles: { student: "Students", mentor: "Mentors", committee: "Committee members", secretary: "Secretaries", office: "Office", none: "Others" },
    audience: { student: "students", mentor: "mentors", committee: "committee", secretary: "secretaries", office: "office", group: "groups" },
    chat_private: "Private chat", chat_group: "Branch group", held: "I play this person (else they act alone)", open: "Open the invite link", start: "Start",
    factor: "When the bot asks for the last four characters, answer {n}.", write: "Message", send: "Send", attach: "File", reply: "Reply", replying: "Reply to: {n}",
    cancel: "Cancel", close: "Put this phone away", commands: "Commands", edited: "edited", silent: "silent", picture: "picture", me: "me",
    empty: "No messages yet.", not_open: "This person has not enrolled.", unread: "{n} unread", done: "sent", coming: "to come",
    talk: "Talk", form: "Form", not_enrolled: "{n} not enrolled", students: "{n} students",
    states: { none: "open", claimed: "claimed", confirmed: "confirmed", disputed: "disputed",
      not_handed_out: "not handed out", handed_out: "handed out", received: "received", archived: "archived" },
    tour_title: "Tour in five steps", next: "Next", end: "End the tour", step_of: "Step {n} of 5",
    steps: [
      ["The student is reminded", "On Monday of week 2 the bot asks students to arrange a talk. Press to go there; everybody else acts alone.", "To Monday of week 2"],
      ["The student reports the talk", "On the student's phone press 已谈话, then 今天 (today). Typing 已谈 works too.", null],
      ["The teacher confirms", "The teacher's phone was asked at once. Press 属实 there and watch the board.", null],
      ["The committee member takes the form in", "The student brings the form that the teacher has signed. On the committee member's phone send /forms, press 收表, then the student's name.", null],
      ["The secretary looks", "On the secretary's phone send /status, or type 进度.", null]],
    did: "✓ Done. Look at the phones and at the board, then press Next.",
    colon: ": ", all_sent: "All reminders of this term have been sent.", time_is_over: "Time does not run backwards. To begin again, run the rehearsal again.",
    time_goes_on: "Time is passing. Pause it first.", is_dead: "The bot is off. Start it first.", is_running: "The bot is running.",
    is_cut_off: "Telegram can't be reached. Mend the network first, then start the bot.", killed: "The bot was killed", restarted: "The bot was started again",
    bot_ended: "The bot has ended by itself", is_impossible: "That can't be done now: the message or the button may have changed. Look at the newest one.",
    over: "That is the tour. Change people, type, break things, or let everybody play the term.",
  },
};
let language = sessionStorage.getItem("language") || "zh";

export function t(key, n) {
  const words = key.split(".").reduce((found, part) => found?.[part], WORDS[language]);
  return n === undefined ? words : String(words).replace("{n}", n);
}

export function turn() {
  language = language === "zh" ? "en" : "zh";
  sessionStorage.setItem("language", language);
}

export function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
}

export function shownDay(at, year = false) {
  const [y, m, d] = at.slice(0, 10).split("-").map(Number);
  const weekday = t("weekday")[new Date(Date.UTC(y, m - 1, d)).getUTCDay()];
  if (language === "en") return `${weekday} ${y}-${at.slice(5, 10)}`;
  return `${year ? `${y}年` : ""}${m}月${d}日 周${weekday}`;
}

export function weekOf(at, week1) {
  if (!week1) return "";
  const days = (Date.parse(at.slice(0, 10)) - Date.parse(week1)) / 86400000;
  return days < 0 ? t("before") : t("week", Math.floor(days / 7) + 1);
}
