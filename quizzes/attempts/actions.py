"""Starting, answering, handing in. Each may be called twice, or at once, without harm.

PostgreSQL: the attempt's row is locked while it is answered or graded. SQLite: transactions
are IMMEDIATE, one writer at a time. In both, unique constraints are the last word.
"""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField, Field, QuerySet
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from quizzes.attempts.errors import (
    AttemptClosedError,
    NoAttemptsLeftError,
    NothingToAskError,
    TimeIsUpError,
)
from quizzes.attempts.grading import AnsweredItem, grade_attempt
from quizzes.attempts.models import Answer, Attempt, AttemptItem
from quizzes.attempts.queries import read_items
from quizzes.attempts.signals import attempt_graded
from quizzes.bank.drawing import draw_questions
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Quiz
from quizzes.bank.queries import AskableQuestion
from quizzes.bank.versions import read_contents
from quizzes.prepared import prepared, prepared_models

# Without 0/O, 1/I/L: a receipt may be read out over the telephone.
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# How often a start that lost a race looks again before it gives up.
START_TRIES = 5

_shuffler = random.SystemRandom()


def start_attempt(*, taker: Any, quiz: Quiz, origin: str = "", return_to: str = "") -> Attempt:
    """The taker's open attempt at the quiz; a new one if there is none.

    An open attempt whose time is over is graded first, with what was saved. `origin` and
    `return_to` (a path on this site) are kept for the caller and not read here.
    Raises `NoAttemptsLeftError` or `NothingToAskError`.
    """
    for last_try in [*[False] * (START_TRIES - 1), True]:
        last = _last.first(taker.pk, quiz.pk)
        now = timezone.now()
        if last is not None and last.is_open:
            if not last.is_late(at=now):
                return last
            # In a transaction of its own: it stays graded if there is no further attempt.
            last = submit_attempt(attempt=last)
        number = last.number + 1 if last is not None else 1
        if quiz.attempts_allowed is not None and number > quiz.attempts_allowed:
            raise NoAttemptsLeftError
        questions = draw_questions(
            quiz,
            on=timezone.localdate(now),
            seen={pk for (pk,) in _asked_before.rows(taker.pk, quiz.pk)} if last else (),
            chance=_shuffler,
        )
        if not questions:
            raise NothingToAskError
        attempt = Attempt(
            taker_id=taker.pk,
            quiz=quiz,
            number=number,
            origin=origin[:200],
            return_to=_own_path(return_to),
            started_at=now,
            deadline=(
                now + timedelta(minutes=quiz.time_limit_minutes)
                if quiz.time_limit_minutes
                else None
            ),
            pass_percent=quiz.pass_percent,
            attempts_allowed=quiz.attempts_allowed,
        )
        try:
            return _create(attempt, questions)
        except IntegrityError:
            # Another tab was quicker; its attempt is there to be found now.
            if last_try:
                raise
    raise AssertionError("unreachable")


@prepared_models(BigIntegerField(), BigIntegerField())
def _last(taker_id: int, quiz_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(taker_id=taker_id, quiz_id=quiz_id).order_by("-number")[:1]


@prepared(BigIntegerField(), BigIntegerField())
def _asked_before(taker_id: int, quiz_id: int) -> QuerySet[AttemptItem, Any]:
    return AttemptItem.objects.filter(
        attempt__taker_id=taker_id, attempt__quiz_id=quiz_id
    ).values_list("version__question_id")


@transaction.atomic
def _create(attempt: Attempt, questions: list[AskableQuestion]) -> Attempt:
    attempt.save(force_insert=True)
    AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            position=position,
            version_id=question.version_id,
            points=question.points,
            option_order=_option_order(attempt.quiz, question),
        )
        for position, question in enumerate(questions, start=1)
    )
    return attempt


def _own_path(path: str) -> str:
    """`path` if it stays on this site and fits its column, else nothing."""
    fits = len(path) <= 500 and path.startswith("/")
    return path if fits and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def _option_order(quiz: Quiz, question: AskableQuestion) -> list[str]:
    keys = list(question.option_keys)
    if quiz.shuffle_options and get_kind(question.kind).may_shuffle:
        _shuffler.shuffle(keys)
    return keys


def save_answer(
    *, attempt: Attempt, position: int, value: Sequence[str], client: str = "", sequence: int = 0
) -> Answer:
    """Keep `value` (option keys; none for «no answer») for the question at `position`.

    A save of the same client with a sequence not above the kept one changes nothing and gets
    the kept answer back. Raises `Attempt.DoesNotExist` when the attempt has no such position
    or is not the taker's, `AttemptClosedError`, `TimeIsUpError`, or `BadAnswerError`.
    """
    with transaction.atomic():
        held = _hold_own.first(attempt.pk, attempt.taker_id)
        item = _asked_at.first(attempt.pk, position) if held else None
        if held is None or item is None:
            raise Attempt.DoesNotExist
        state, deadline = held
        now = timezone.now()
        if state != Attempt.State.IN_PROGRESS:
            raise AttemptClosedError
        if deadline is not None and now > deadline:
            raise TimeIsUpError
        item_id, kind, option_order = item
        answer = Answer(
            item_id=item_id,
            value=get_kind(kind).parse(value, offered=option_order),
            saved_at=now,
            client=client,
            sequence=sequence,
        )
        if _upsert(answer):
            return answer
        return Answer.objects.get(item_id=item_id)


@prepared(BigIntegerField(), BigIntegerField())
def _hold_own(attempt_id: int, taker_id: int) -> QuerySet[Attempt, Any]:
    return (
        Attempt.objects.filter(pk=attempt_id, taker_id=taker_id)
        .select_for_update(no_key=True)
        .values_list("state", "deadline")
    )


@prepared(BigIntegerField(), BigIntegerField())
def _asked_at(attempt_id: int, position: int) -> QuerySet[AttemptItem, Any]:
    return AttemptItem.objects.filter(attempt_id=attempt_id, position=position).values_list(
        "pk", "version__kind", "option_order"
    )


_UPSERT_FIELDS = ("item", "value", "saved_at", "client", "sequence")


def _upsert(answer: Answer) -> bool:
    """Insert or overwrite in one statement; False if the kept answer is newer.

    The ORM's own upsert cannot say «only if newer», and asking first would cost a query on
    the busiest path of all. Both databases speak this SQL.
    """
    sql, fields = _upsert_statement()
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                field.get_db_prep_save(getattr(answer, field.attname), connection)
                for field in fields
            ],
        )
        return bool(cursor.rowcount == 1)


@cache
def _upsert_statement() -> tuple[str, list[Field[Any, Any]]]:
    """The statement, and the fields whose values it takes."""
    quote = connection.ops.quote_name
    table = quote(Answer._meta.db_table)
    by_name = {field.name: field for field in Answer._meta.concrete_fields}
    fields = [by_name[name] for name in _UPSERT_FIELDS]
    columns = [quote(str(field.column)) for field in fields]
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 (names of our model)
        f"VALUES ({', '.join(['%s'] * len(columns))}) "
        f"ON CONFLICT ({columns[0]}) DO UPDATE SET {changes} "
        f"WHERE excluded.client = '' OR {table}.client <> excluded.client "
        f"OR {table}.sequence < excluded.sequence"
    )
    return sql, fields


def submit_attempt(*, attempt: Attempt) -> Attempt:
    """Grade the attempt with what was saved, and tell whoever listens, in one transaction.

    A second call, also at the same time, returns the first one's result. After the deadline
    the saved answers count all the same.
    """
    with transaction.atomic():
        locked = _hold.first(attempt.pk)
        if locked is None:
            raise Attempt.DoesNotExist
        if not locked.is_open:
            return locked
        # A statement of its own, after the lock: it sees every answer acknowledged before.
        items = read_items(locked)
        contents = read_contents(item.version_id for item in items)
        result = grade_attempt(
            (
                AnsweredItem(
                    content=contents[item.version_id], points=item.points, answer=item.chosen
                )
                for item in items
            ),
            pass_percent=locked.pass_percent,
        )
        _store_earned(dict(zip((item.pk for item in items), result.earned, strict=True)))
        locked.state = Attempt.State.GRADED
        locked.submitted_at = timezone.now()
        locked.points = result.points
        locked.max_points = result.max_points
        locked.percent = result.percent
        locked.passed = result.passed
        locked.receipt = _new_receipt()
        locked.save(
            update_fields=[
                "state",
                "submitted_at",
                "points",
                "max_points",
                "percent",
                "passed",
                "receipt",
            ]
        )
        attempt_graded.send(sender=Attempt, attempt=locked)
        return locked


@prepared_models(BigIntegerField())
def _hold(attempt_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(pk=attempt_id).select_for_update(no_key=True)


def _store_earned(earned: dict[int, Decimal]) -> None:
    """One statement for each different mark: two for questions that are right or wrong."""
    by_mark: dict[Decimal, list[int]] = defaultdict(list)
    for pk, mark in earned.items():
        by_mark[mark].append(pk)
    if len(by_mark) > 3:
        AttemptItem.objects.bulk_update(
            [AttemptItem(pk=pk, earned=mark) for pk, mark in earned.items()], ["earned"]
        )
        return
    for mark, pks in by_mark.items():
        AttemptItem.objects.filter(pk__in=pks).update(earned=mark)


def _new_receipt() -> str:
    code = "".join(secrets.choice(RECEIPT_ALPHABET) for _n in range(12))
    return f"BN-{code[:4]}-{code[4:8]}-{code[8:]}"
