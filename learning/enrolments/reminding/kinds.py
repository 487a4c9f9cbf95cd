"""What people are told about their courses."""

from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts
from learning.notices.kinds import Kind, register_kind

ASSIGNED, SOON, OVERDUE, COMPLETED = "assigned", "soon-due", "overdue", "completed"


def register() -> None:
    """Make the kinds known. Of required courses people are told whatever they wish."""
    register_acts({"people-reminded": _("People were reminded")})
    register_kind(
        Kind(
            slug=ASSIGNED,
            name=_("A course was assigned to me"),
            subject=_("New course: {course}"),
            body=_("The course «{course}» was assigned to you. Due date: {due}."),
            fields=("course", "due"),
        )
    )
    register_kind(
        Kind(
            slug=SOON,
            name=_("A course is due soon"),
            subject=_("Due on {due}: {course}"),
            body=_("The course «{course}» is to be completed by {due}."),
            fields=("course", "due"),
        )
    )
    register_kind(
        Kind(
            slug=OVERDUE,
            name=_("A course is overdue"),
            subject=_("Overdue: {course}"),
            body=_("The course «{course}» was due on {due}. It can still be completed."),
            fields=("course", "due"),
        )
    )
    register_kind(
        Kind(
            slug=COMPLETED,
            name=_("I completed a course"),
            subject=_("Completed: {course}"),
            body=_("You completed the course «{course}»."),
            fields=("course", "due"),
        )
    )
