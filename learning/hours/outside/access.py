"""The only door to an outside course: hers, her officers' to see, her officers' to judge."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from learning.hours.models import OutsideCourse
from learning.organisations.access import units_managed_by, units_of_hr
from learning.organisations.models import Membership, UnitQuerySet

State = OutsideCourse.State
# A draft is nobody's business but hers.
_HANDED_IN = (State.WAITING, State.APPROVED, State.RETURNED)


def get_own(user: Any, key: UUID) -> OutsideCourse:
    """Her own course. Raises `Http404` for anybody else's."""
    return _one(OutsideCourse.objects.filter(user=user), key)


def judged_in(units: UnitQuerySet) -> QuerySet[OutsideCourse]:
    """What people handed in who work in the units, or worked there last."""
    place = Membership.objects.filter(user=OuterRef("user")).order_by("-started_on", "-pk")
    return OutsideCourse.objects.annotate(place=Subquery(place.values("unit")[:1])).filter(
        place__in=units.order_by().values("pk"), state__in=_HANDED_IN
    )


def seen_by(user: Any) -> QuerySet[OutsideCourse]:
    """Courses of the people whom `user` may see as HR officer or auditor."""
    return judged_in(units_of_hr(user))


def get_seen(user: Any, key: UUID) -> OutsideCourse:
    """The course, if `user` may see it. Raises `Http404` otherwise."""
    return _one(seen_by(user), key)


def may_judge(user: Any, course: OutsideCourse) -> bool:
    """Is `user` an HR officer of the person's unit, or of one above it, and not herself?"""
    if course.user_id == user.pk:
        return False
    return judged_in(units_managed_by(user)).filter(pk=course.pk).exists()


def get_judged(user: Any, key: UUID) -> OutsideCourse:
    """The course, if `user` may judge it. Raises `Http404` otherwise."""
    course = get_seen(user, key)
    if not may_judge(user, course):
        raise Http404
    return course


def get_evidence(user: Any, key: UUID) -> OutsideCourse:
    """The course whose evidence `user` may open: her own, or one of her officers'. No auditor's."""
    own = OutsideCourse.objects.filter(user=user, key=key).select_related("user").first()
    course = own or _one(judged_in(units_managed_by(user)), key)
    if not course.evidence:
        raise Http404
    return course


def _one(courses: QuerySet[OutsideCourse], key: UUID) -> OutsideCourse:
    found = courses.filter(key=key).select_related("user", "decided_by").first()
    if found is None:
        raise Http404
    return found
