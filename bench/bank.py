"""A bank of 20,000 questions beside one of 200: the admin's list, search and filter, and drawing.

    make bench ARGS=--bank

    python -m bench.bank          in the environment of a prepared database

Through Django's test client, without the server: what grows with the bank is the database's part.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

SMALL, LARGE = 200, 20_000
TOPICS = 20
TIMES = 9
DRAWN = 10


def main() -> None:
    """Measure with the small bank, then with the large one; the table, and JSON as last line."""
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    rows: dict[str, dict[str, float]] = {}
    for size in (SMALL, LARGE):
        _fill(size)
        for name, ask in _steps().items():
            rows.setdefault(name, {})[str(size)] = _median(ask)
    print(f"  {'':<34}{SMALL:>9}{LARGE:>9}{'ratio':>8}   ms")
    for name, found in rows.items():
        ratio = found[str(LARGE)] / found[str(SMALL)]
        print(f"  {name:<34}{found[str(SMALL)]:>9.1f}{found[str(LARGE)]:>9.1f}{ratio:>8.2f}")
    print(json.dumps(rows))


def _fill(size: int) -> None:
    """Published questions in the bank until there are `size`."""
    from django.db import connection

    from quizzes.bank.content import content_digest, content_of
    from quizzes.bank.models import Question, QuestionVersion

    present = Question.objects.count()
    questions = [
        Question(
            key=f"bench-bank-{number}",
            topic=f"Bench {number % TOPICS}",
            difficulty=number % 3 + 1,
            prompt=f"Câu hỏi số {number} của ngân hàng về nhãn hiệu và sáng chế?",
            live=True,
        )
        for number in range(present, size)
    ]
    Question.objects.bulk_create(questions, batch_size=1000)
    options = [{"text": "Đúng", "right": True}, {"text": "Sai"}]
    versions = []
    for question in questions:
        content = content_of(kind="single", prompt=question.prompt, options=options)  # type: ignore[arg-type]
        versions.append(
            QuestionVersion(
                question=question, number=1, kind="single", content=content,
                digest=content_digest(content),
            )
        )  # fmt: skip
    QuestionVersion.objects.bulk_create(versions, batch_size=1000)
    for version in versions:
        version.question.current_version = version
    Question.objects.bulk_update(questions, ["current_version"], batch_size=500)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE bank_question")


def _steps() -> dict[str, Callable[[], Any]]:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from quizzes.bank.actions import save_quiz
    from quizzes.bank.drawing import draw_questions
    from quizzes.bank.models import Question, Quiz, QuizDraw

    client = Client()
    client.force_login(get_user_model().objects.filter(is_superuser=True).first() or _superuser())
    url = reverse("wagtailsnippets_bank_question:list")
    if not Quiz.objects.filter(key="bench-draw").exists():
        first = Question.objects.order_by("pk").first()
        assert first is not None
        quiz = save_quiz(key="bench-draw", title="Bench", question_keys=[first.key])
        QuizDraw.objects.create(quiz=quiz, topic="Bench 7", count=DRAWN)
        QuizDraw.objects.create(quiz=quiz, difficulty=2, count=DRAWN)
    drawn = Quiz.objects.get(key="bench-draw")
    today = timezone.localdate()

    def page(**query: str) -> Callable[[], Any]:
        def ask() -> None:
            assert client.get(url, query).status_code == 200

        return ask

    def draw() -> None:
        found = draw_questions(drawn, on=today, seen=(), chance=random.Random(1))
        assert len(found) > DRAWN

    return {
        "list of questions": page(),
        "search, three words": page(q="ngân hàng nhãn"),
        "search, one hit": page(q="bench-bank-199"),
        "filter by topic and difficulty": page(topic="Bench 7", difficulty="2"),
        "last page": page(p="4"),
        "draw by topic and difficulty": draw,
    }


def _superuser() -> Any:
    from django.contrib.auth import get_user_model

    model: Any = get_user_model()
    return model.objects.create_superuser(email="bench@vidu.example", password=None)


def _median(ask: Callable[[], Any]) -> float:
    ask()
    found = []
    for _n in range(TIMES):
        begun = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


if __name__ == "__main__":
    main()
