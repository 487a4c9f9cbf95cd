"""A citizen's account comes into being once her address is confirmed, in a branch of its own."""

import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from learning.audit.actions import record
from learning.courses.models import CoursePage
from learning.courses.queries import get_outline
from learning.enrolments.actions import enrol
from learning.organisations.actions import place_member, save_unit
from learning.organisations.models import Unit, UnitKind
from portal.accounts.joining.consent import Agreement, keep_consent
from portal.accounts.keys.models import MailCode
from portal.accounts.models import User

PUBLIC_CODE = "nguoi-dan-doanh-nghiep"
PUBLIC_NAME = "Người dân, doanh nghiệp"


def _open_pages() -> Any:
    # The switch of the Vietnamese page counts, whatever a translation says.
    return CoursePage.objects.live().filter(public_sign_up=True, locale__language_code="vi")


def open_courses() -> list[tuple[UUID, str]]:
    """Key and title of the courses that citizens may sign up for now, in the page's language."""
    keys = _open_pages().order_by("path").values_list("translation_key", flat=True)
    outlines = ((key, get_outline(key)) for key in keys)
    return [(key, outline.title) for key, outline in outlines if outline is not None]


def is_open() -> bool:
    """May anybody sign up for anything?"""
    return bool(_open_pages().exists())


def public_unit() -> Unit:
    """The root of the citizens' branch: outside the city's tree, so in no agency's figures."""
    found = Unit.objects.filter(code=PUBLIC_CODE).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return save_unit(code=PUBLIC_CODE, name=PUBLIC_NAME, kind=UnitKind.PUBLIC)
    except IntegrityError:  # another first citizen was quicker by a hair
        return Unit.objects.get(code=PUBLIC_CODE)


@transaction.atomic
def finish_sign_up(*, asked: MailCode) -> User:
    """The account of who confirmed this sign-up: placed, enrolled, her consent kept.

    If an account with the address came into being meanwhile, it is that one, and only the
    enrolment is new: the address is hers, she has just shown it.
    """
    data: dict[str, Any] = asked.data
    user = User.objects.filter(email=asked.name).first()
    if user is None:
        user = User.objects.create_user(full_name=data["full_name"], email=asked.name)
        place_member(user=user, unit=public_unit(), on=timezone.localdate())
        agreed_at = datetime.datetime.fromisoformat(data["agreed_at"])
        agreed = Agreement(text=data["consent"], version=data["consent_version"])
        keep_consent(user=user, agreed=agreed, at=agreed_at)
        record(act="signed-up", by=user, about=user, unit=public_unit(), course=data["course"])
    enrol(user=user, course_key=UUID(data["course"]))
    # What was typed is in the account now.
    MailCode.objects.filter(pk=asked.pk).update(data={})
    return user
