"""The words of the audit log and the notices about outside courses."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things
from learning.hours.models import OutsideCourse
from learning.notices.actions import Told, tell
from learning.notices.kinds import Kind, register_kind
from learning.vietnamese import format_decimal

APPROVED, RETURNED = "outside-course-approved", "outside-course-returned"
CHANGED = "outside-course-changed"
EVIDENCE, QUEUE = "outside-evidence", "outside-courses"
_FIELDS = ("title", "hours", "reason")


def register() -> None:
    """Make acts, disclosed things and kinds of notices known; from the app's `ready`."""
    register_acts(
        {
            APPROVED: _("Outside course approved"),
            CHANGED: _("Approved hours of an outside course changed"),
            RETURNED: _("Outside course returned"),
        }
    )
    register_things({EVIDENCE: _("Outside course with its evidence"), QUEUE: _("Outside courses")})
    register_kind(
        Kind(
            APPROVED,
            _("My outside course was approved"),
            _("{hours} hours approved: {title}"),
            _("Your course «{title}» was approved with {hours} hours. {reason}"),
            fields=_FIELDS,
        )
    )
    register_kind(
        Kind(
            RETURNED,
            _("My outside course was returned"),
            _("Returned: {title}"),
            _("Your course «{title}» was returned. Reason: {reason} Correct it and hand it in."),
            fields=_FIELDS,
        )
    )


def tell_decision(course: OutsideCourse) -> None:
    """Her own notice: what was decided, and why."""
    kind = APPROVED if course.state == OutsideCourse.State.APPROVED else RETURNED
    facts = {
        "title": course.title,
        "hours": format_decimal(course.approved_hours or Decimal(0)),
        "reason": course.reason,
    }
    told = Told(
        person_id=course.user_id,
        key=f"{kind}:{course.pk}:{course.version}",
        facts=facts,
        link=reverse("hours:course", args=[course.key]),
    )
    tell(kind=kind, people=[told])
