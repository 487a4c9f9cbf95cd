"""A course and what people did in it, as facts."""

import datetime
import itertools
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from wagtail.models import Page

from learning.certificates.actions import CertificateFacts, issue_certificate
from learning.courses.models import CampaignPage, CoursePage
from learning.enrolments.actions import enrol, mark_started
from learning.enrolments.models import Enrolment
from learning.progress.models import CourseCompletion

_numbers = itertools.count(1)


def make_course(title: str = "Sở hữu trí tuệ") -> UUID:
    """The key of a live course."""
    root = Page.get_first_root_node()
    campaign = root.add_child(
        instance=CampaignPage(title="Ngày", slug=f"d-{next(_numbers)}", lead="Dẫn")
    )
    course = campaign.add_child(
        instance=CoursePage(title=title, slug=f"k-{next(_numbers)}", summary="Tóm tắt")
    )
    return course.translation_key


def enrolled(
    user: Any,
    course_key: UUID,
    *,
    due_on: datetime.date | None = None,
    started: bool = False,
    completed_at: datetime.datetime | None = None,
    percent: str | None = None,
    certificate: bool = False,
) -> Enrolment:
    """The person's enrolment, as far as she has come."""
    enrolment = enrol(user=user, course_key=course_key)
    if due_on:
        Enrolment.objects.filter(pk=enrolment.pk).update(due_on=due_on)
    if started or completed_at:
        mark_started(enrolment=enrolment, at=completed_at or timezone.now())
    if completed_at:
        complete(enrolment, at=completed_at, percent=percent, certificate=certificate)
    return enrolment


def complete(
    enrolment: Enrolment,
    *,
    at: datetime.datetime | None = None,
    percent: str | None = "90",
    certificate: bool = True,
) -> None:
    """The course completed, with its certificate."""
    at = at or timezone.now()
    score = Decimal(percent) if percent else None
    CourseCompletion.objects.create(
        enrolment=enrolment, unit=enrolment.unit, completed_at=at, hours=2, percent=score
    )
    if certificate:
        issue_certificate(
            enrolment=enrolment,
            holder=CertificateFacts(
                full_name=enrolment.user.full_name,
                position="",
                unit_id=enrolment.unit_id,
                unit_name=enrolment.unit.name if enrolment.unit else "",
                course_key=enrolment.course_key,
                course_title="Sở hữu trí tuệ",
                course_revision=None,
                goal_name="",
                hours=Decimal(2),
                started_on=at.date(),
                completed_on=at.date(),
                percent=score or Decimal(0),
            ),
        )
