"""Facts of every shape for every message: who reads, how many mentors, how far the term is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from messages.date_facts import Arranged, GapLine, PlanDay, PlanLine, Shift
from messages.facts import (
    FORM_NAMES,
    ActLine,
    Asked,
    BranchLine,
    Candidate,
    Claim,
    DeedLine,
    Difference,
    ExemptLine,
    IntroducerLine,
    Lacking,
    Named,
    Offered,
    Overdue,
    PairingLine,
    Probation,
    Proposal,
    Stuck,
    TalkLine,
)
from messages.own_facts import Counted, Held
from storage.records import (
    Away,
    BranchId,
    Decision,
    FormKind,
    FormState,
    Item,
    Progress,
    Relief,
    Role,
    Stage,
    TalkState,
    Windows,
    Wish,
)

WINDOWS = Windows(
    week1=date(2026, 9, 7),
    week1_end=date(2026, 9, 13),
    talk_from=date(2026, 9, 14),
    talk_to=date(2026, 9, 27),
    hand_in_from=date(2026, 9, 28),
    deadline=date(2026, 9, 30),
    last_working=date(2026, 9, 30),
)
AHEAD, LAST_TALK_DAY, DEADLINE = date(2026, 9, 8), WINDOWS.talk_to, WINDOWS.deadline
MOVED = datetime(2026, 10, 9, 9)  # noqa: DTZ001 - as read in Shanghai
PAST = DEADLINE + timedelta(days=5)
DAYS = (AHEAD, LAST_TALK_DAY, DEADLINE, PAST)

STUDENT = Named("李明", "李", "classmate")
NAMESAKE = Named("李明", "李", "classmate", mark="（小教2401）")
PROBATIONARY = Named("张三", "张", "comrade")
TEACHER = Named("王芳", "王", "teacher")
SECOND_TEACHER = Named("欧阳静", "欧阳", "teacher")
SECRETARY = Named("赵敏", "赵", "comrade")
COMMITTEE = Named("孙丽", "孙", "comrade")

CANDIDATE = Candidate(
    student=STUDENT,
    meeting=date(2026, 11, 20),
    missing=("intro_talk", "intro_opinion"),
    lacking=(Lacking(part="talks", mentor=TEACHER), Lacking(part="consents", refused=True)),
)

TALK = {
    TalkState.NONE: 3,
    TalkState.CLAIMED: 2,
    TalkState.CONFIRMED: 20,
    TalkState.DISPUTED: 1,
}
FORMS = {
    FormState.NOT_HANDED_OUT: 1,
    FormState.HANDED_OUT: 15,
    FormState.RECEIVED: 7,
    FormState.ARCHIVED: 3,
}


def facts(
    to: Named = STUDENT,
    *,
    mentors: tuple[Named, ...] = (TEACHER,),
    today: date = AHEAD,
    state: TalkState = TalkState.NONE,
    **changed: Any,
) -> dict[str, Any]:
    """Something for every fact that any message needs; ``changed`` replaces some of it."""
    day = date(2026, 9, 15)
    mentor = mentors[0] if mentors else TEACHER
    progress = Progress(branch=BranchId(1), students=26, talk=TALK, form=FORMS, not_enrolled=2)
    claims = [
        Claim(student=STUDENT, day=day, recorded=date(2026, 9, 16)),
        Claim(student=PROBATIONARY, day=day, recorded=date(2026, 9, 17)),
    ]
    return {
        "to": to,
        "today": today,
        "windows": WINDOWS,
        "branch": "本科生第一党支部",
        "faculty_branch": "教工第二党支部",
        "paired": ["教工第一党支部", "教工第五党支部"],
        "committee": COMMITTEE,
        "secretary": SECRETARY,
        "mentors": list(mentors),
        "mentor": mentor,
        "not_enrolled": list(mentors[-1:]),
        "students": [STUDENT, PROBATIONARY],
        "student": STUDENT,
        "people": [STUDENT],
        "told": [STUDENT],
        "day": day,
        "days": [day, date(2026, 9, 22)],
        "state": state,
        "talk": TALK,
        "forms": FORMS,
        "form_name": FORM_NAMES[FormKind.ACTIVIST],
        "form_state": FormState.HANDED_OUT,
        "form_day": day,
        "form_due": True,
        "form_lacks": ["record", "opinion"],
        "exempt": [ExemptLine(item=Item.TALK, relief=Relief.PUT_OFF, day=day)],
        "half_year": True,
        "obstacle": True,
        "missing": ["talk", "form"],
        "role": Role.CONTACT,
        "on_a_way": True,
        "roles": ["student", "mentor", "committee", "secretary", "office"],
        "stage": Stage.ACTIVIST,
        "class_name": "小教2401",
        "since": day,
        "proxy": SECRETARY,
        "urge": True,
        "held": [
            PairingLine(mentor=one, role=Role.CONTACT, since=day, load=2, consent="waiting")
            for one in mentors
        ],
        "past": [PairingLine(mentor=SECOND_TEACHER, role=Role.CONTACT, until=day)],
        "proposals": [Proposal(student=NAMESAKE, mentors=tuple(mentors) or (TEACHER,))],
        "more": 3,
        "short": {"no_mentor": [STUDENT], "few_introducers": [], "silent_teachers": [TEACHER]},
        "overview": [
            ("本科生第一党支部", 26, {"no_mentor": 1, "one_contact": 12}),
            ("本科生第二党支部", 0, {"no_mentor": 0}),
        ],
        "pairs": [
            ("本科生第一党支部", ["教工第一党支部", "教工第五党支部"]),
            ("本科生第二党支部", []),
        ],
        "heavy": [(TEACHER, 6)],
        "left_out": [STUDENT],
        "available": 7,
        "offered": [Offered(mentor=one, branch="教工第一党支部", load=2) for one in mentors],
        "instead": TEACHER,
        "warnings": ["unsuitable", "no_teacher", "heavy"],
        "lines": [(STUDENT, PairingLine(mentor=TEACHER, role=Role.CONTACT, consent="declined"))],
        "asked": [Asked(student=STUDENT, role=Role.CONTACT, class_name="小教2401")],
        "replied": [Asked(student=NAMESAKE, role=Role.CONTACT, consent=False)],
        "last": day,
        "away_until": day,
        "on_leave": 1,
        "again": True,
        "is_member": True,
        "load": 2,
        "covered": 3,
        "mentor_count": 1,
        "link_until": datetime(2026, 9, 18, 10),  # noqa: DTZ001 - as read in Shanghai
        "away": Away.EXCHANGE,
        "is_exact": True,
        "from_stage": Stage.ACTIVIST,
        "to_stage": Stage.CANDIDATE,
        "first": date(2027, 3, 2),
        "lacking": True,
        "claims": claims,
        "answered": [Claim(student=NAMESAKE, day=day, state=TalkState.CONFIRMED)],
        "not_talked": [STUDENT, NAMESAKE],
        "disputed": [PROBATIONARY],
        "early": [],
        "late": [STUDENT],
        "stale": [],
        "claimed": [STUDENT],
        "confirmed": [PROBATIONARY],
        "with_another": [PROBATIONARY],
        "as_contact": 3,
        "as_introducer": 1,
        "activist_forms": [STUDENT, NAMESAKE],
        "probationary_forms": [PROBATIONARY],
        "not_received": [STUDENT],
        "unsigned": [STUDENT],
        "without_mentor": [STUDENT],
        "few_introducers": [STUDENT],
        "obstacles": [STUDENT],
        "to_record": [STUDENT],
        "unanswered": [STUDENT],
        "consents": [STUDENT],
        "not_handed_out": 1,
        "opinions": 4,
        "not_archived": [STUDENT],
        "to_archive": 2,
        "received": 10,
        "overdue": [Overdue(student=STUDENT, missing=("not_talked", "not_received"))],
        "stuck": [Stuck(student=STUDENT, mentors=tuple(mentors) or (TEACHER,))],
        "talks": [TalkLine(mentor=one, state=TalkState.CLAIMED, day=day) for one in mentors],
        "term": "2026-2027-1",
        "week": 3,
        "branches": [
            BranchLine(name="本科生第一党支部", progress=progress, overdue=3),
            BranchLine(name="本科生第二党支部", progress=progress, overdue=1),
        ],
        "college": progress,
        "listing": "not_talked",
        "is_empty": False,
        "is_enrolled": False,
        "history": [
            DeedLine(what="claim", day=day, by=STUDENT),
            DeedLine(what="pairing_end", day=day, undone=True),
        ],
        "acts": [
            ActLine(
                what="proxy",
                at=datetime(2026, 9, 15, 10, 5),  # noqa: DTZ001 - as read in Shanghai
                by=SECRETARY,
                mentor=TEACHER,
                was=date(2026, 9, 14),
                day=day,
                why="已电话核对",
            ),
            ActLine(what="undo", at=datetime(2025, 9, 8, 9), took_back="proxy"),  # noqa: DTZ001 - as above
            ActLine(what="invite", at=datetime(2026, 9, 8, 9), undone=True),  # noqa: DTZ001 - as above
        ],
        "by": SECRETARY,
        "words": "代记谈话",
        "earlier": date(2026, 9, 14),
        "introduction": True,
        "is_doubtful": True,
        "keepers": ["secretary"],
        "of": "本科生第一党支部",
        "stage_since": day,
        "counted": True,
        "may_introduce": False,
        "has_relatives": True,
        "former": 1,
        "version": "2",
        "notice": "个人信息告知（第2版）",
        "agreed": datetime(2026, 9, 14, 16, 5),  # noqa: DTZ001 - as above
        "records": [
            Held("mentored", day, other=TEACHER, role=Role.CONTACT),
            Held("mentoring", day, until=day, other=STUDENT, role=Role.INTRODUCER, consent=False),
            Held("talk_half_year", day, day, other=TEACHER, state=state, term="2026-2027-1"),
            Held("form", day, name=FORM_NAMES[FormKind.ACTIVIST], marks=("record", "opinion")),
            Held("data_erase", day, until=day, name="号码", consent=False, reply="仍在考察期"),
        ],
        "to_me": 12,
        "of_me": 3,
        "from_me": 4,
        "inbox_days": 30,
        "message_days": 90,
        "buttons": 5,
        "questions": 1,
        "uploads": 1,
        "failed": 1,
        "denials": 2,
        "by_me": [Counted("claim", 2, day), Counted("undo", 1, day)],
        "about_me": [Counted("received", 1, day), Counted("other", 3, day)],
        "wish": Wish.ERASE,
        "said": "已转学，不再需要",
        "granted": None,
        "reply": "仍在考察期",
        "clock": "10:05",
        "blocked": [STUDENT],
        "missed": [PROBATIONARY, TEACHER],
        "uncertain": [NAMESAKE],
        "name": "李名",
        "near": [STUDENT],
        "what": "claim",
        "tick": "record",
        "on": None,
        "review": day,
        "meeting": date(2026, 11, 20),
        "basics": day,
        "moved": True,
        "last_day": date(2027, 11, 19),
        "months": 6,
        "is_due": True,
        "no_vote": True,
        "talks_open": True,
        "reviewed": day,
        "decision": Decision.DEFERRED,
        "notes": ["talk_before_review", "reviewed_before_opinion"],
        "step": "basics",
        "candidate": CANDIDATE,
        "candidates": [CANDIDATE],
        "introducers": [
            IntroducerLine(
                mentor=one, state=TalkState.CONFIRMED, day=day, written=day, consent=True
            )
            for one in mentors
        ],
        "probations": [Probation(student=PROBATIONARY, day=day)],
        "to_hand_out": 1,
        "to_receive": 16,
        "count": 12,
        "complete": 5,
        "left": 2,
        "taken": [STUDENT, PROBATIONARY],
        "unconfirmed": [PROBATIONARY],
        "already": [NAMESAKE],
        "unclear": [Named("李名", "", "classmate")],
        "unknown": [Named("张散", "", "classmate")],
        "undoable": True,
        "most": 60,
        "at": datetime(2026, 9, 15, 10),  # noqa: DTZ001 - as read in Shanghai
        "page": 1,
        "pages": 2,
        "tries": 2,
        "hours": 24,
        "hints": ["没有找到不足之处的表述", "内容略短，如有亲自了解的情况可再补充"],
        "found": "某某",
        "agenda": [
            PlanDay(
                day=day,
                lines=(
                    PlanLine(clock="09:00", words="学生：请约老师谈话", count=26, strangers=2),
                    PlanLine(clock="17:00", words="支部群：谈话合计", count=1, in_groups=True),
                ),
            )
        ],
        "shifts": [
            Shift(words="书记：支部小结", was=MOVED, now=MOVED),
            Shift(words="导师", was=MOVED),
        ],
        "closed": [(day, day), (day, date(2026, 9, 22))],
        "from_day": day,
        "to_day": date(2026, 9, 21),
        "unannounced": [2027],
        "opens": "08:30",
        "closes": "20:30",
        "arranged": [
            Arranged(first=day, last=day),
            Arranged(first=day, last=MOVED.date(), is_work=True),
        ],
        "complete_years": [2026],
        "term_name": "2026-2027-1",
        "was": WINDOWS,
        "will": WINDOWS,
        "sent": 12,
        "gaps": [
            GapLine(branch="本科生第一党支部", secretary=True, without_mentor=1, students=26),
            GapLine(branch="本科生第二党支部", committee=True, strangers=3, students=20),
        ],
        "more_gaps": 4,
        "next_at": MOVED,
        "one": Arranged(first=day, last=date(2026, 9, 22)),
        "guessed": True,
        "was_deadline": DEADLINE,
        "will_deadline": DEADLINE,
        "arrangement": "rest",
        "is_year": False,
        "year": 2027,
        "changes": [
            Difference(sheet="人员", what="added", count=2, names=("张新", "李新")),
            Difference(sheet="结对", what="changed", count=7, names=("李明—王芳",)),
        ],
        "unlisted": [Difference(sheet="支部", what="unlisted", count=1)],
        "cautions": ["人员 第5行 「支部」：学生一般在学生支部"],
        "faults": ["人员 第5行 「阶段」：应为 正式党员"],
        "others": ["本科生第二党支部"],
        "no_group": True,
        "code": "7Q3F",
        "link": "https://t.me/example_bot",
        **changed,
    }
