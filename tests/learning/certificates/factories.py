"""Certificates made through the product's own door, with facts a test may choose."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from learning.certificates.actions import CertificateFacts, issue_certificate
from learning.certificates.models import Certificate
from learning.enrolments.models import Enrolment
from learning.organisations.models import Responsibility, Unit
from tests.factories import EnrolmentFactory, UserFactory


def facts(enrolment: Enrolment, **changed: Any) -> CertificateFacts:
    """What a completion of `enrolment` would hand over."""
    return CertificateFacts(
        **{
            "full_name": enrolment.user.full_name,
            "position": "Chuyên viên",
            "unit_id": None,
            "unit_name": "UBND phường Lê Chân",
            "course_key": enrolment.course_key,
            "course_title": "Kiến thức cơ bản về sở hữu trí tuệ",
            "course_revision": None,
            "goal_name": "",
            "hours": Decimal("1.5"),
            "started_on": date(2026, 2, 27),
            "completed_on": date(2026, 3, 5),
            "percent": Decimal("92.50"),
            **changed,
        }
    )


def issue(enrolment: Enrolment | None = None, **changed: Any) -> Certificate:
    """A certificate of `enrolment`, or of somebody."""
    enrolment = enrolment or EnrolmentFactory(course_key=uuid4())
    return issue_certificate(enrolment=enrolment, holder=facts(enrolment, **changed))


def responsible(unit: Unit, *, role: Responsibility.Role = Responsibility.Role.HR_OFFICER) -> Any:
    """Somebody with that role in `unit`."""
    user = UserFactory()
    Responsibility.objects.create(user=user, unit=unit, role=role)
    return user
