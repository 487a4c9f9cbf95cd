"""What a question can be about: one course, a programme of several, or all of them.

A programme is what a training goal asks for. Of several courses every figure but staff counts
courses of people («lượt»): who was assigned two courses is assigned twice.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from learning.certificates.models import Certificate
from learning.courses.models import CoursePage
from learning.courses.queries import course_choices
from learning.enrolments.models import Enrolment, TrainingGoal

ALL = "tat-ca"
_PROGRAMME = "chi-tieu-"
# More courses than this that were deleted are not offered: nobody looks through such a list.
_MOST_GONE = 50


@dataclass(frozen=True)
class Subject:
    """One choice; `value` stands in addresses, `titles` are the courses' by their keys.

    Of a course that is `gone` (not published any more, or deleted) the facts are still told.
    """

    value: str
    title: str
    titles: dict[UUID, str]
    gone: bool = False
    goal: int | None = None

    @property
    def keys(self) -> tuple[UUID, ...]:
        """The courses."""
        return tuple(self.titles)

    @property
    def course_key(self) -> UUID | None:
        """The course, if it is one alone."""
        return self.keys[0] if len(self.titles) == 1 else None


def subjects() -> dict[str, Subject]:
    """The choices by their value: live courses, programmes, all courses, what is gone.

    Five queries, whatever the number of courses and people.
    """
    live = dict(course_choices())
    found = [Subject(str(key), title, {key: title}) for key, title in live.items()]
    gone = dict(_gone(live))
    found += _programmes({**gone, **live})
    if len(live) > 1:
        found.append(Subject(ALL, _("All courses"), live))
    found += [Subject(str(key), title, {key: title}, gone=True) for key, title in gone.items()]
    return {one.value: one for one in found}


def _programmes(titles: dict[UUID, str]) -> Iterator[Subject]:
    """The training goals that ask for more than one course."""
    for goal in TrainingGoal.objects.prefetch_related("courses"):
        keys = [one.course_key for one in goal.courses.all()]
        if len(keys) > 1:
            named = {key: titles.get(key, "") for key in keys}
            title = _("Programme: %(goal)s") % {"goal": goal.name}
            yield Subject(f"{_PROGRAMME}{goal.pk}", title, named, goal=goal.pk)


def _gone(live: dict[UUID, str]) -> Iterator[tuple[UUID, str]]:
    """Courses that people are enrolled in and that are not published: keys and titles.

    Looked for in the gaps between the keys of the live ones: an index answers without reading
    the enrolments of these.
    """
    # The index on enrolments begins with the course: each gap is one look into it.
    known = sorted(live)
    gaps = Q(course_key__lt=known[0]) | Q(course_key__gt=known[-1]) if known else Q()
    for before, after in itertools.pairwise(known):
        gaps |= Q(course_key__gt=before, course_key__lt=after)
    enrolled = Enrolment.objects.counted().filter(gaps).order_by()
    keys = list(enrolled.values_list("course_key", flat=True).distinct()[:_MOST_GONE])
    if not keys:
        return
    drafts = CoursePage.objects.filter(translation_key__in=keys)
    titles = dict(drafts.order_by("-pk").values_list("translation_key", "title"))
    certified = Certificate.objects.filter(course_key__in=set(keys) - titles.keys())
    titles |= dict(certified.order_by("pk").values_list("course_key", "course_title"))
    for key in keys:
        title = titles.get(key) or _("Deleted course %(key)s") % {"key": str(key)[:8]}
        yield key, _("%(course)s (no longer published)") % {"course": title}
