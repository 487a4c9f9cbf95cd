"""The outbox: notices become letters, letters go to the mail server.

What is guaranteed. A notice is in one letter at most; a letter is claimed by one worker at a time.
A worker marks each letter («handed») right before it speaks to the mail server and «sent» right
after. If it dies elsewhere, nothing is lost or doubled. If it dies between the server's yes and the
mark, nobody can know: that one letter is handed over again, under the same Message-ID, by which
mail servers and readers recognise it. So: never lost, and doubled only there.
"""

import datetime
import logging
import smtplib
import uuid
from email.utils import parseaddr
from itertools import groupby

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from learning.notices.actions import note_bounce
from learning.notices.models import DeadAddress, Letter, Notice, Unsubscription
from learning.notices.silence import silent_among
from learning.notices.writing import compose, own_texts

logger = logging.getLogger(__name__)

BATCH = 50
# A claim older than this belongs to a dead worker: a batch takes BATCH × EMAIL_TIMEOUT at most.
CLAIM_ENDS = datetime.timedelta(minutes=20)
MAX_ATTEMPTS = 8
PAUSES = (1, 5, 30, 60, 120, 240, 480)  # minutes before the next try, by how many have failed


def write_letters(*, now: datetime.datetime) -> int:
    """Put the notices that are due into letters, one letter a person; the number of letters.

    What a person does not wish, and what has no reachable address, stays in her list only.
    """
    made = 0
    while batch := _due(now=now):
        with transaction.atomic():
            made += _letters_of(batch)
    return made


def _due(*, now: datetime.datetime) -> list[int]:
    """The next persons with something to be mailed."""
    waiting = Notice.objects.filter(letter__isnull=True, by_mail=True, not_before__lte=now)
    return list(waiting.order_by("person").values_list("person", flat=True).distinct()[:500])


def _letters_of(people: list[int]) -> int:
    # Locked, and waited for, so that two workers don't write two letters: who comes second finds
    # the condition no longer true. What is due a little later goes along.
    found = Notice.objects.filter(person__in=people, letter__isnull=True, by_mail=True)
    found = found.select_for_update(of=("self",))
    notices = list(found.select_related("person").order_by("person", "created_at", "pk"))
    unwished = set(Unsubscription.objects.filter(person__in=people).values_list("person", "kind"))
    silenced = silent_among(people)
    addresses = [(notice.person.email or "").lower() for notice in notices]
    dead = set(DeadAddress.objects.filter(address__in=addresses).values_list("address", flat=True))
    letters, silent = [], []
    for _person, group in groupby(notices, key=lambda notice: notice.person_id):
        told = list(group)
        wished = [
            n
            for n in told
            if n.required or ((n.person_id, n.kind) not in unwished and n.person_id not in silenced)
        ]
        silent += [n for n in told if n not in wished]
        person = told[0].person
        if not person.is_active or not person.email or person.email.lower() in dead:
            silent += wished
        elif wished:
            letters.append((Letter(person=person, address=person.email), wished))
    for letter, _told in letters:
        letter.message_id = _message_id()
    Letter.objects.bulk_create([letter for letter, _told in letters])
    for letter, told in letters:
        for notice in told:
            notice.letter = letter
    for notice in silent:
        notice.by_mail = False
    Notice.objects.bulk_update(notices, ["letter", "by_mail"], batch_size=500)
    return len(letters)


def _message_id() -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


def send_batch(*, now: datetime.datetime) -> int:
    """Claim some letters and hand them to the mail server; how many were claimed."""
    letters = _claim(now=now)
    if letters:
        _hand_over(letters)
    return len(letters)


def _claim(*, now: datetime.datetime) -> list[Letter]:
    """Letters that are ours: ready ones, and those a dead worker left."""
    state = Letter.State
    ready = Q(state=state.QUEUED, next_try_at__lte=now) | Q(
        state=state.SENDING, next_try_at__lte=now, claimed_at__lt=now - CLAIM_ENDS
    )
    mine = uuid.uuid4()
    with transaction.atomic():
        found = Letter.objects.filter(ready).order_by("next_try_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            found = found.select_for_update(skip_locked=True)
        keys = list(found.values_list("pk", flat=True)[:BATCH])
        # The condition again: on SQLite, which has no row locks, this decides whose they are.
        Letter.objects.filter(ready, pk__in=keys).update(
            state=state.SENDING, claim=mine, claimed_at=now, attempts=F("attempts") + 1
        )
    claimed = Letter.objects.filter(claim=mine, state=state.SENDING)
    return list(claimed.select_related("person").prefetch_related("notices").order_by("pk"))


def _hand_over(letters: list[Letter]) -> None:
    texts = own_texts()
    dead = _dead(letters)
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        _put_off(letters, error)
        return
    try:
        for place, letter in enumerate(letters):
            if letter.address.lower() in dead:
                _settle(letter, state=Letter.State.BOUNCED, error=dead[letter.address.lower()])
                continue
            mail = compose(letter, list(letter.notices.all()), texts=texts)
            if mail is None:
                _settle(letter, state=Letter.State.FAILED, error="No text for this kind.")
                continue
            if not _mine(letter).update(handed_at=timezone.now()):
                continue  # somebody took it over: we were thought dead
            try:
                server.send_messages([mail])
            except smtplib.SMTPRecipientsRefused as error:
                _refused(letter, error)
            except smtplib.SMTPResponseException as error:
                _put_off([letter], error, final=500 <= error.smtp_code < 600)
            except (OSError, smtplib.SMTPException) as error:
                _put_off(letters[place:], error)
                return
            else:
                _settle(letter, state=Letter.State.SENT, sent_at=timezone.now(), error="")
    finally:
        _close(server)


def _dead(letters: list[Letter]) -> dict[str, str]:
    addresses = [letter.address.lower() for letter in letters]
    found = DeadAddress.objects.alias(bare=Lower("address")).filter(bare__in=addresses)
    return dict(found.values_list("address", "reason"))


def _close(server: object) -> None:
    try:
        server.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        # What was accepted is accepted; a failing QUIT changes nothing.
        logger.info("The mail server did not say goodbye", exc_info=True)


def _mine(letter: Letter) -> "QuerySet[Letter]":
    return Letter.objects.filter(pk=letter.pk, claim=letter.claim, state=Letter.State.SENDING)


def _settle(letter: Letter, **fields: object) -> None:
    _mine(letter).update(**fields)


def _refused(letter: Letter, error: smtplib.SMTPRecipientsRefused) -> None:
    """The server won't take this recipient: for good (5xx), or not now."""
    code, said = next(iter(error.recipients.values()))
    reason = f"{code} {said.decode(errors='replace')}"
    if 500 <= code < 600:
        _settle(letter, state=Letter.State.BOUNCED, error=reason[:500])
        note_bounce(address=letter.address, reason=reason)
    else:
        _put_off([letter], reason)


def _put_off(letters: list[Letter], error: object, *, final: bool = False) -> None:
    """Back into the queue for later; «failed» once the tries are used up or the no is final."""
    told = f"{type(error).__name__}: {error}"[:500] if isinstance(error, Exception) else str(error)
    for letter in letters:
        ended = final or letter.attempts >= MAX_ATTEMPTS
        pause = PAUSES[min(letter.attempts, len(PAUSES)) - 1]
        _settle(
            letter,
            state=Letter.State.FAILED if ended else Letter.State.QUEUED,
            error=told[:500],
            handed_at=None,
            next_try_at=timezone.now() + datetime.timedelta(minutes=pause),
        )
