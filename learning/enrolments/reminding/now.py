"""An officer reminds people now: whom she sees, whom she may remind, and the words for Zalo."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.audit.actions import record
from learning.courses.queries import course_choices
from learning.enrolments.models import Enrolment
from learning.enrolments.reminding.kinds import OVERDUE, SOON
from learning.notices.actions import Told, tell
from learning.organisations.access import units_managed_by, units_of_hr
from learning.privacy.queries import restricted_people

SOON_DAYS = 14
MOST_NAMES = 50


def to_remind(*, officer: Any, today: datetime.date) -> QuerySet[Enrolment]:
    """Enrolments in the officer's units that are overdue or due within `SOON_DAYS`, latest first,
    of courses that are live. Whose data is restricted is not among them: her duties still tell her
    by themselves."""
    found = Enrolment.objects.for_units(units_of_hr(officer)).counted().unfinished()
    return (
        found.exclude(user__in=restricted_people())
        .filter(
            due_on__lte=today + datetime.timedelta(days=SOON_DAYS),
            course_key__in=[key for key, _course in course_choices()],
            user__is_active=True,
        )
        .order_by("due_on", "user__name_sort", "pk")
    )


@transaction.atomic
def remind_now(*, officer: Any, enrolments: Iterable[int], today: datetime.date) -> int:
    """Remind the people of these enrolments; how many. Not twice on a day; enrolments outside the
    units the officer may act for are passed over."""
    mine = units_managed_by(officer).order_by().values("pk")
    found = to_remind(officer=officer, today=today)
    found = found.filter(pk__in=list(enrolments), unit__in=mine)
    titles = dict(course_choices())
    told: dict[str, list[Told]] = {OVERDUE: [], SOON: []}
    for one in found:
        kind = OVERDUE if one.due_on and one.due_on < today else SOON
        facts = {"course": titles[one.course_key], "due": f"{one.due_on:%d/%m/%Y}"}
        key = f"now:{one.pk}:{today:%Y%m%d}"
        told[kind].append(Told(one.user_id, key, facts, reverse("study:my"), one.required))
    count = sum(tell(kind=kind, people=people) for kind, people in told.items())
    if count:
        record(act="people-reminded", by=officer, count=count)
    return count


def zalo_text(found: QuerySet[Enrolment], *, today: datetime.date, names: bool) -> str:
    """A message for the unit's group: figures, and the first `MOST_NAMES` names if wished."""
    late = found.filter(due_on__lt=today).count()
    soon = found.filter(due_on__gte=today).count()
    lines = [_("Reminder of learning:")]
    lines += [ngettext("– %(n)s overdue", "– %(n)s overdue", late) % {"n": late}] if late else []
    lines += [ngettext("– %(n)s due soon", "– %(n)s due soon", soon) % {"n": soon}] if soon else []
    if names:
        for one in found.select_related("user")[:MOST_NAMES]:
            lines.append(f"• {one.user}: {one.due_on:%d/%m/%Y}")
    return "\n".join([*lines, _("Please open the site and go on learning. Thank you.")])


def zalo_text_of(*, course: str, due_on: datetime.date | None, counts: dict[str, int]) -> str:
    """A message for the unit's group about one assignment: figures, no names; empty where nobody
    is left to learn. `counts` are those of `assigning.queries.counts_of`."""
    left = counts["not_started"] + counts["in_progress"]
    if not left:
        return ""
    lines = [_("Reminder of learning:") + f" «{course}»"]
    if due_on:
        lines.append(_("– due date: %(due)s") % {"due": f"{due_on:%d/%m/%Y}"})
    done = {"done": counts["completed"], "all": counts["completed"] + left}
    lines.append(_("– %(done)s of %(all)s completed") % done)
    late = counts["overdue"]
    lines += [ngettext("– %(n)s overdue", "– %(n)s overdue", late) % {"n": late}] if late else []
    return "\n".join(
        [*lines, _("Please open the site and go on learning. Thank you."), settings.SITE_URL]
    )
