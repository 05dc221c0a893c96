"""K8: a shortcoming has to be a thing that somebody could recognise (R53, A6).

A list of all concrete shortcomings has no end, but wishes are few: a sentence is vague if nothing is
left of it once the wishes, and the frame in which every shortcoming is put, are taken away.
"""

from __future__ import annotations

import re

from bot.rules.opinion_attitude import is_willing, meets_conditions
from bot.rules.opinion_cues import WEAKNESS
from bot.rules.opinion_layers import names_direction, names_shortcoming
from bot.rules.opinion_text import clauses, cue, length, sentences

_LEAST = 3  # characters of remainder that can name something: 性子急

_CONCRETE = cue(r"""
    方法 | 理论学习 | 原著 | 表达 | 沟通 | 发言 | 主动性 | 主动 | 积极性 | 时间 | 细致 | 细心
    | 细节 | 联系…(?:同学|群众|同志|师生) | 批评 | 统筹 | 分工 | 试讲 | 调研 | 倾听 | 听取 | 先听
    | 读书 | 读报 | 阅读 | 写作 | 文字 | 书写 | 字迹 | 板书 | 普通话 | 语速 | 音量 | 声音 | 口头
    | 演讲 | 讲课 | 备课 | 说课 | 课堂 | 教案 | 授课 | 教学 | 专业(?:知识|课|基础|技能|功底)
    | 英语 | 外语 | 科研 | 论文 | 实验 | 计算机 | 体育 | 锻炼身体 | 体能 | 作息
    | (?:学习|专业|考试|课程|文化)成绩 | 计划性 | 条理 | 效率 | 兼顾 | 平衡 | 协调 | 合作 | 协作
    | 组织能力 | 组织协调 | 领导力 | 管理经验 | 经验 | 情绪 | 性格 | 耐心 | 自信 | 胆量 | 魄力
    | 果断 | 独立 | 思考 | 创新 | 视野 | 知识面 | 社交 | 交往 | 交流 | 人际 | 谈心 | 宣讲
    | 社会实践 | 基层 | 社区 | 支教 | 志愿 | 社团 | 班级 | 寝室 | 宿舍 | 会议 | 支部会 | 组织生活
    | 党史 | 党章 | 学习计划 | 笔记 | 截止 | 提前 | 分配 | 放手 | 包揽 | 授权 | 带动 | 影响力
    | 威信 | 原则性 | 面对矛盾 | 处理矛盾 | 分歧 | 缺勤 | 请假 | 总结 | 反思 | 坚持锻炼 | 持久
    | 恒心 | 毅力 | 深度 | 系统性 | 钻研 | 精读 | 挂科 | 薄弱学科 | 数学 | 文笔 | 礼仪 | 待人接物
    | 语气 | 严厉 | 直率 | 急 | 慢 | 粗 | 硬
""")
_WISH = cue(r"""
    继续努力 | 再接再厉 | 更上一层楼 | 戒骄戒躁 | 不骄不躁 | 人无完人 | 金无足赤 | 百尺竿头
    | 更进一步 | 不断完善自己 | 严格要求自己 | 各方面 | 某些 | 个别方面 | 再创佳绩 | 精益求精
    | 尽善尽美 | 提升空间 | 进步空间 | 锐意进取 | 扬长避短 | 取长补短 | 查漏补缺 | 不忘初心
    | 砥砺前行 | 争取更大进步
""")
_FRAME_WORDS = """
    不足之处 美中不足 不足 缺点 弱点 短板 短处 问题 缺陷 瑕疵 毛病 主要 存在 表现为 表现在 在于
    就是 是 该同志 同志 他 她 其 我 本人 我们 自己 自身 本身 希望 期望 期待 望 盼 建议 相信 今后
    以后 下一步 接下来 未来 将来 日后 努力方向 方向 目标 能够 能 可以 应该 应当 应 要 需要 需 须
    必须 还 仍 尚 更加 更为 更 再 进一步 不断 继续 持续 始终 一如既往 努力 加强 提高 提升 增强
    改进 完善 改善 加以 克服 弥补 注意 注重 有待 待 空间 余地 成长 锻炼 磨炼 锤炼 历练 学习 工作
    生活 思想 政治 能力 水平 素质 综合 素养 修养 觉悟 境界 认识 党性 严格 严于律己 要求 标准
    高标准 高要求 更高 更大 更好 更多 进步 成绩 成就 成果 贡献 发展 方面 某些 某个 某 个别 一些
    有些 各个 各项 各 诸多 很多 许多 其他 有时 偶尔 比较 较 不够 欠缺 不太 成熟 全面 理想 完美
    到位 突出 明显 一定 程度 人无完人 金无足赤 再接再厉 更上一层楼 更上层楼 百尺竿头 戒骄戒躁
    不骄不躁 谦虚谨慎 保持 发扬 优点 优势 长处 取得 做出 作出 争取 早日 实践 处理 成为 一名
    名副其实 优秀 合格 真正 共产党员 党员 党组织 党 组织 先锋 模范 作用 发挥 为人民服务 人民 服务
    国家 社会 祖国 做好 做到 做得 做 好 在 中 上 里 的 地 得 了 着 过 和 与 及 以及 并 也 都 不
    有 对 从 向 把 将 会 到 等 这 那 些 点 小 大 多 少 加油 脚踏实地 锐意进取 开拓创新 奋发向上
    奋发有为 进取 积极 扬长避短 查漏补缺 取长补短 圆满 尽善尽美 精益求精 不忘初心 牢记使命
    砥砺前行 行稳致远 勇往直前 勇攀高峰 再创佳绩 再立新功 添砖加瓦 奋勇前进 奋斗 前进 迈进 步
    台阶 层楼 新 以 用 自我 全方位 整体 总体 总的来说 总之 当然 难免 或多或少 仍然 依然 方方面面
    处 之处 个人 世上 没有 十全十美 一个 每个 人 终身 使 让 自觉 认真 时刻 用心 尽快 尽早 越来越
    样 完善自己 充实 丰富 培养 能量 表现 情况 岗位 道路 人生 事业 前途 辜负 厚望 期许 但 但是
    不过 同时 而且 因此 所以 如果 若 则 就 又 之 于 所 加快 步伐 人民教师 教师 老师
    为
"""
# Longest first, so that 人 does not spoil 人无完人.
_FRAME = cue("|".join(sorted(_FRAME_WORDS.split(), key=len, reverse=True)))
_CONTEXT = re.compile("(?:在|当|对于?|处理|面对|遇到|开展|参加).*")
_BACK = re.compile("这|此|对此|是其|是他|是她")


def only_vague(text: str) -> bool:
    """Whether layer 2 is there and no sentence of it names anything."""
    about = [layer for sentence in sentences(text) if (layer := _second_layer(sentence))]
    return bool(about) and not any(map(_is_concrete, about))


def _second_layer(sentence: str) -> str:
    """What a sentence says of shortcomings and wishes, from their first clause to a 但; "" if nothing."""
    parts = [
        part for part in clauses(sentence) if not (meets_conditions(part) or is_willing(part))
    ]
    first = next((at for at, part in enumerate(parts) if _is_layer_two(part)), None)
    if first is None:
        return ""
    earlier = [p for p in parts[:first] if _CONTEXT.fullmatch(p) or _BACK.match(parts[first])]
    rest = parts[first:]
    turn = next((at for at, p in enumerate(rest) if at and p.startswith("但")), len(rest))
    return ",".join(earlier + rest[:turn])


def _is_layer_two(clause: str) -> bool:
    return names_shortcoming(clause) or names_direction(clause) or bool(_WISH.search(clause))


def _is_concrete(layer: str) -> bool:
    plain = _WISH.sub("", layer)
    if WEAKNESS.search(plain) or _CONCRETE.search(plain):
        return True
    return length(_FRAME.sub("", plain)) >= _LEAST
