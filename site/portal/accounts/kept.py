"""What the account itself keeps about a person: who she is, log-ins that failed, her sessions."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.organisations.models import Membership
from learning.privacy.erasing import ERASED_NAME, erase_person
from learning.privacy.kept import (
    SECURITY,
    TASK,
    Fate,
    Kept,
    Row,
    all_go,
    excuse,
    expiry_of,
    register_kept,
)
from portal.accounts.devices.actions import end_other_sessions
from portal.accounts.keys import kept as keys
from portal.accounts.models import User


def register() -> None:
    """Tell of all of it; from the app's `ready`."""
    for kept in (ACCOUNT, SESSIONS, LOCKOUTS):
        register_kept(kept)
    keys.register()
    excuse({"accounts.User_user_permissions.user": "rights in the admin; told with the groups"})


def _account_rows(user: User) -> Iterable[Row]:
    yield {
        _("Full name"): user.full_name,
        _("E-mail"): user.email,
        _("Staff code"): user.staff_code,
        _("May log in"): user.is_active,
        _("Works in the admin"): user.is_staff,
        _("Groups"): [group.name for group in user.groups.all()],
        _("Account made"): user.date_joined,
        _("Last log-in"): user.last_login,
    }


def _erase_account(user: User) -> None:
    """The row stays: figures and logs refer to it. What tells who she was goes."""
    user.full_name = ERASED_NAME
    # One of the two is demanded by the table; it must not be guessed and never be hers again.
    user.email, user.staff_code = None, f"XOA-{secrets.token_hex(8)}"
    user.is_active = user.is_staff = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def _left_before(moment: datetime) -> QuerySet[User]:
    """People whose last place of work ended before that day and who have none now."""
    places = Membership.objects.filter(user=OuterRef("pk"))
    recent = places.exclude(ended_on__lt=timezone.localdate(moment))
    people = User.objects.filter(is_superuser=False, is_staff=False).exclude(full_name=ERASED_NAME)
    return people.filter(Exists(places)).exclude(Exists(recent))


def _erase_left(pks: list[Any]) -> None:
    for user in User.objects.filter(pk__in=pks):
        erase_person(person=user, by=None)


ACCOUNT = Kept(
    slug="account",
    name=gettext_lazy("Your account"),
    purpose=gettext_lazy("To know who learns here, to let you log in and to write to you"),
    basis=TASK,
    how_long=gettext_lazy("after you left your last unit"),
    on_erasure=gettext_lazy(
        "Name, e-mail address, staff code and password are deleted. A row without a name stays, "
        "to which figures and logs refer. You can no longer log in."
    ),
    count=lambda _user: 1,
    collect=_account_rows,
    fate=lambda _user: Fate(nameless=1),
    erase=_erase_account,
    models=("accounts.User", "accounts.User_groups"),
    rank=100,
    months=60,
    expiry=expiry_of(_left_before, _erase_left),
)


def _sessions(user: User) -> QuerySet[UserSession]:
    sessions: QuerySet[UserSession] = UserSession.objects.filter(user=user)
    return sessions


def _session_rows(user: User) -> Iterable[Row]:
    for session in _sessions(user):
        yield {
            _("Since"): session.created_at,
            _("Last seen"): session.last_seen_at,
            _("Address"): session.ip,
            _("Browser"): session.user_agent,
        }


def _count_sessions(user: User) -> int:
    return _sessions(user).count()


def _end_sessions(user: User) -> None:
    end_other_sessions(user=user, keep=None, why="erasure")


SESSIONS = Kept(
    slug="sessions",
    name=gettext_lazy("Sessions: the devices on which you are logged in"),
    purpose=gettext_lazy("So that you need not log in again on each page"),
    basis=SECURITY,
    how_long=gettext_lazy("14 days after your last log-in, or until you log out"),
    on_erasure=gettext_lazy("They end at once and are deleted."),
    count=_count_sessions,
    collect=_session_rows,
    fate=all_go(_count_sessions),
    erase=_end_sessions,
    models=("usersessions.UserSession",),
    # Before the audit log forgets her name: ending them is an act about her.
    rank=75,
    expiry=expiry_of(lambda now: Session.objects.filter(expire_date__lt=now)),
)


def _failures(user: User) -> QuerySet[Any]:
    names = [name for name in (user.email, user.staff_code) if name]
    failures: QuerySet[Any] = AccessAttempt.objects.filter(username__in=names)
    return failures


def _failure_rows(user: User) -> Iterable[Row]:
    for failure in _failures(user):
        yield {
            _("Time"): failure.attempt_time,
            _("Name tried"): failure.username,
            _("Address"): failure.ip_address,
            _("Browser"): failure.user_agent,
            _("Failures"): failure.failures_since_start,
        }


def _count_failures(user: User) -> int:
    return _failures(user).count()


def _erase_failures(user: User) -> None:
    _failures(user).delete()


LOCKOUTS = Kept(
    slug="lockouts",
    name=gettext_lazy("Log-ins that failed"),
    purpose=gettext_lazy("To stop others from guessing your password"),
    basis=SECURITY,
    how_long=gettext_lazy("after the log-in failed"),
    on_erasure=gettext_lazy("Deleted."),
    count=_count_failures,
    collect=_failure_rows,
    fate=all_go(_count_failures),
    erase=_erase_failures,
    # Before the account: they are found by its names.
    rank=90,
    months=1,
    expiry=expiry_of(lambda before: AccessAttempt.objects.filter(attempt_time__lt=before)),
)
