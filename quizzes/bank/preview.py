"""The admin's preview: a question or quiz as the learner sees it, from what is being typed."""

from __future__ import annotations

import random
from typing import Any

from quizzes.bank.content import QuestionContent, content_from, next_option_key
from quizzes.bank.kinds import get_kind, kind_names
from quizzes.bank.models import Question, Quiz
from quizzes.bank.presentation import asked, reviewed


def question_context(question: Question) -> dict[str, Any]:
    """The question as asked, and as reviewed after the right answer."""
    content = _presentable(content_from(question))
    kind = get_kind(content["kind"])
    order, answer = _order(content), kind.right_answer(content)
    return {
        "asked": asked(content, order=order),
        "reviewed": reviewed(content, order=order, answer=answer, right=True),
    }


def quiz_context(quiz: Quiz) -> dict[str, Any]:
    """The quiz's rules, and its questions one below the other."""
    places = list(quiz.places.all())
    questions = Question.objects.in_bulk([place.question_id for place in places])
    shown = []
    for position, place in enumerate(places, start=1):
        content = _presentable(content_from(questions[place.question_id]))
        shown.append(asked(content, order=_order(content), position=position, total=len(places)))
    return {"quiz": quiz, "questions": shown}


def _order(content: QuestionContent) -> list[str]:
    """As written where the kind allows it; what must be mixed is mixed alike each time."""
    kind = get_kind(content["kind"])
    return kind.shuffled(kind.order(content), freely=False, chance=random.Random(1))  # noqa: S311


def _presentable(content: QuestionContent) -> QuestionContent:
    """Options that are being typed have no keys yet; the preview gives them some."""
    taken = {option["key"] for option in content["options"]}
    for option in content["options"]:
        if not option["key"]:
            option["key"] = next_option_key(taken)
            taken.add(option["key"])
    if content["kind"] not in kind_names():
        content["kind"] = "single"
    return content
