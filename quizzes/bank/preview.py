"""The admin's preview: a question or quiz as the learner sees it, from what is being typed."""

from __future__ import annotations

from typing import Any

from quizzes.bank.content import QuestionContent, content_from, next_option_key
from quizzes.bank.kinds import kind_names
from quizzes.bank.models import Question, Quiz
from quizzes.bank.presentation import asked, reviewed


def question_context(question: Question) -> dict[str, Any]:
    """The question as asked, and as reviewed after the right answer."""
    content = _presentable(content_from(question))
    order = [option["key"] for option in content["options"]]
    right = [option["key"] for option in content["options"] if option["right"]]
    return {
        "asked": asked(content, order=order),
        "reviewed": reviewed(content, order=order, chosen=right, right=True),
    }


def quiz_context(quiz: Quiz) -> dict[str, Any]:
    """The quiz's rules, and its questions one below the other."""
    places = list(quiz.places.all())
    questions = Question.objects.in_bulk([place.question_id for place in places])
    shown = []
    for position, place in enumerate(places, start=1):
        content = _presentable(content_from(questions[place.question_id]))
        order = [option["key"] for option in content["options"]]
        shown.append(asked(content, order=order, position=position, total=len(places)))
    return {"quiz": quiz, "questions": shown}


def _presentable(content: QuestionContent) -> QuestionContent:
    """Options that are being typed have no keys yet; the preview gives them some."""
    taken = {option["key"] for option in content["options"]}
    for option in content["options"]:
        if not option["key"]:
            option["key"] = next_option_key(taken)
            taken.add(option["key"])
    if content["kind"] not in kind_names():
        content["kind"] = Question.Kind.SINGLE.value
    return content
