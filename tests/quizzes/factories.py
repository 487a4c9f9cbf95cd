"""Questions, quizzes and people for the tests of this wing."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.auth import get_user_model

from quizzes.bank.actions import save_question, save_quiz
from quizzes.bank.models import Question, Quiz


class PersonFactory(factory.django.DjangoModelFactory):
    """A person who can log in."""

    class Meta:
        model = get_user_model()

    full_name = factory.Sequence(lambda n: f"Nguyễn Thị Thử {n}")
    email = factory.Sequence(lambda n: f"thu{n}@vidu.example")


class QuestionFactory(factory.Factory):
    """A published question with four options, of which the first («a») is right."""

    class Meta:
        model = Question

    class Params:
        wrong = 3

    key = factory.Sequence(lambda n: f"cau-{n}")
    kind = "single"
    prompt = factory.Sequence(lambda n: f"Câu hỏi thử số {n}?")
    explanation = "Giải thích kín chỉ hiện sau khi nộp."
    sources = factory.LazyFunction(
        lambda: [{"title": "Điều 3 Luật Sở hữu trí tuệ", "url": "https://vidu.example/luat"}]
    )
    options = factory.LazyAttribute(
        lambda made: [
            {"key": "a", "text": "Phương án đầu", "right": True, "why": "Lý do kín của a"},
            *(
                {"key": key, "text": f"Phương án {key}", "why": f"Lý do kín của {key}"}
                for key in "bcdefgh"[: made.wrong]
            ),
        ]
    )

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Question:
        return save_question(**kwargs)


class MultipleFactory(QuestionFactory):
    """A question whose right options are «a» and «b» of four."""

    kind = "multiple"
    options = factory.LazyFunction(
        lambda: [
            {"key": "a", "text": "Đúng một", "right": True},
            {"key": "b", "text": "Đúng hai", "right": True},
            {"key": "c", "text": "Sai một"},
            {"key": "d", "text": "Sai hai"},
        ]
    )


class TrueFalseFactory(QuestionFactory):
    """A statement that is true («a»)."""

    kind = "true_false"
    options = factory.LazyFunction(
        lambda: [{"key": "a", "text": "Đúng", "right": True}, {"key": "b", "text": "Sai"}]
    )


class EssayFactory(QuestionFactory):
    """An essay marked by two criteria, «a» with 2 points and «b» with 1."""

    kind = "essay"
    options = factory.LazyFunction(
        lambda: [
            {"key": "a", "text": "Nêu đúng khái niệm", "points": 2, "gap": 2, "why": "Lý do kín"},
            {"key": "b", "text": "Có ví dụ", "points": 1, "gap": 1, "why": "Lý do kín"},
        ]
    )


class QuizFactory(factory.Factory):
    """A quiz of `size` single-choice questions, or of the `questions` given."""

    class Meta:
        model = Quiz

    key = factory.Sequence(lambda n: f"bai-{n}")
    title = "Bài kiểm tra thử"
    pass_percent = 70
    size = 3
    questions = factory.LazyAttribute(lambda made: QuestionFactory.create_batch(made.size))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Quiz:
        kwargs.pop("size")
        questions = kwargs.pop("questions")
        return save_quiz(question_keys=[question.key for question in questions], **kwargs)
