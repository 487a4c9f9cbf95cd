"""Asking for a code by mail, sending it, and using it."""

import datetime
import secrets
import uuid
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.keys.models import MailCode, TryCount, digest
from portal.accounts.letters import send_letter
from portal.accounts.limits import may_try
from portal.accounts.models import User, canonical_login

MINUTES = 10
ONE_DAY = datetime.timedelta(days=1)
MAX_TRIES = 5
ASKS_AN_HOUR, ASKS_A_DAY = 5, 12
# A whole office may forget its passwords over one holiday; a robot asks more often than that.
ASKS_AN_HOUR_AN_ADDRESS = 300


class TooManyAsksError(Exception):
    """More codes were asked for than anyone needs."""


class WrongCodeError(Exception):
    """It is not the code that was sent; `left` further tries are good for this request."""

    def __init__(self, left: int) -> None:
        self.left = left


class DeadCodeError(Exception):
    """The request is unknown, over, used, or was tried too often: a new code is needed."""


def ask_for_code(
    *, purpose: str, name: str, address: str, user: Any | None = None, **data: Any
) -> MailCode:
    """Keep the request and have the worker send a code, if there is anybody to send one to.

    The same is done for a name that nobody has: the worker finds that out, not the request, so the
    answer takes equally long. Raises `TooManyAsksError`.
    """
    from portal.accounts.keys.tasks import send_code

    name = canonical_login(name)
    allowed = (
        may_try("code-address", address, limit=ASKS_AN_HOUR_AN_ADDRESS, seconds=3600)
        and may_try("code-hour", (purpose, name), limit=ASKS_AN_HOUR, seconds=3600)
        and may_try("code-day", (purpose, name), limit=ASKS_A_DAY, seconds=24 * 3600)
    )
    if not allowed:
        raise TooManyAsksError
    with transaction.atomic():
        asked = MailCode.objects.create(
            purpose=purpose,
            name=name,
            user=user,
            data=data,
            expires_at=timezone.now() + datetime.timedelta(minutes=MINUTES),
        )
        transaction.on_commit(lambda: send_code.enqueue(str(asked.pk)))
    return asked


def send(*, asked: MailCode) -> None:
    """Make the code and mail it, once. Nothing happens where nobody has the name or no address.

    Codes sent earlier stay good in the browsers that asked for them: otherwise whoever knows a name
    could spoil its owner's code by asking for another.
    """
    to = _address_of(asked)
    if to is None or asked.sent_at is not None or asked.expires_at < timezone.now():
        return
    if asked.purpose == MailCode.Purpose.SIGN_UP and _tell_known(asked):
        return
    code = f"{secrets.randbelow(10**6):06d}"
    now = timezone.now()
    mine = MailCode.objects.filter(pk=asked.pk, sent_at__isnull=True)
    if not mine.update(sent_at=now, code_digest=digest(asked.pk, code), user=asked.user):
        return
    subjects = {
        MailCode.Purpose.LOG_IN: _("%(code)s is your code to log in"),
        MailCode.Purpose.NEW_EMAIL: _("%(code)s confirms your new e-mail address"),
        MailCode.Purpose.SIGN_UP: _("%(code)s confirms your sign-up"),
    }
    send_letter(
        template=f"code_{asked.purpose}",
        subject=str(subjects[MailCode.Purpose(asked.purpose)]) % {"code": code},
        to=to,
        code=code,
        minutes=MINUTES,
        person=asked.user,
        # At a sign-up anybody may have typed any name: no words of a stranger go into a mailbox.
        full_name=asked.user.full_name if asked.user else "",
    )


def _tell_known(asked: MailCode) -> bool:
    """The page says the same whether an address has an account or not; its owner is told here."""
    user = User.objects.filter(email=asked.name).first()
    if user is None:
        return False
    if MailCode.objects.filter(pk=asked.pk, sent_at__isnull=True).update(sent_at=timezone.now()):
        subject = _("You have an account already")
        send_letter(
            template="sign_up_known", subject=subject, to=asked.name, full_name=user.full_name
        )
    return True


def _address_of(asked: MailCode) -> str | None:
    """Where the code goes; for a log-in this is where the name becomes a person."""
    if asked.purpose != MailCode.Purpose.LOG_IN:
        return asked.name
    try:
        asked.user = User.objects.get_by_natural_key(asked.name)
    except User.DoesNotExist:
        return None
    return asked.user.email if asked.user.is_active else None


def use_code(*, request_id: str | None, purpose: str, code: str) -> MailCode:
    """The request whose code this is, used up now.

    Raises `WrongCodeError`, or `DeadCodeError` where no code would be right any more. The try is
    counted first, and in one statement: guesses at the same moment are counted each.
    """
    now = timezone.now()
    live = MailCode.objects.filter(
        pk=_as_uuid(request_id) or uuid.UUID(int=0),
        purpose=purpose,
        used_at__isnull=True,
        expires_at__gt=now,
    )
    if not live.filter(tries__lt=MAX_TRIES).update(tries=F("tries") + 1):
        raise DeadCodeError
    asked = live.select_related("user").get()
    typed = "".join(sign for sign in code if sign.isdigit())
    if not asked.matches(typed):
        raise WrongCodeError(MAX_TRIES - asked.tries) if asked.tries < MAX_TRIES else DeadCodeError
    if not live.update(used_at=now):
        raise DeadCodeError
    return asked


def _as_uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def forget_what_is_over(*, after: datetime.timedelta = ONE_DAY) -> dict[str, int]:
    """The job of the morning: codes, counts and sessions over for so long; how many of each."""
    keys = forget_old_keys(before=timezone.now() - after)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    live = Session.objects.values("session_key")
    devices, _kinds = UserSession.objects.exclude(session_key__in=live).delete()
    return {"keys": keys, "devices": devices}


def forget_old_keys(*, before: datetime.datetime) -> int:
    """Delete codes and counts that were over before this moment; how many."""
    codes, _kinds = MailCode.objects.filter(expires_at__lt=before).delete()
    counts, _kinds = TryCount.objects.filter(ends_at__lt=before).delete()
    return codes + counts
