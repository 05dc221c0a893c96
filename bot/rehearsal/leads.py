"""Who plays the guided tour: a student, who answers for the student, and who keeps the forms."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rehearsal.company import Company
from bot.rehearsal.mentors import Custom, Mentor
from bot.rehearsal.secretaries import Secretary
from bot.rehearsal.students import Student

DEAF = frozenset({Custom.NEVER, Custom.ABSENT})


@dataclass(frozen=True, slots=True)
class Leads:
    """The committee member is the student's keeper."""

    student: Student
    mentor: Mentor
    secretary: Secretary

    def telegrams(self) -> dict[str, int]:
        """Their accounts, by the part that they play."""
        return {
            "student": self.student.phone.telegram,
            "mentor": self.mentor.phone.telegram,
            "committee": self.student.keeper.telegram,
            "secretary": self.secretary.phone.telegram,
        }


def leads(company: Company) -> Leads | None:
    """The first student who answers to one mentor only, or to as few as can be.

    None: the roster has nobody with a mentor, a committee member and a secretary.
    """
    possible = [
        Leads(student, student.mentors[0], secretary)
        for secretary in company.secretaries.values()
        for student in secretary.students.values()
        if student.mentors and student.mentors[0].custom not in DEAF
    ]
    return min(possible, key=_mentors, default=None)


def _mentors(lead: Leads) -> int:
    return len(lead.student.mentors)
