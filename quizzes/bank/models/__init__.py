"""What the bank stores; questions and quizzes in a file each."""

from quizzes.bank.models.pictures import Picture
from quizzes.bank.models.questions import (
    KEY_ALPHABET,
    Option,
    Question,
    QuestionTag,
    QuestionVersion,
    new_question_key,
    nfc,
)
from quizzes.bank.models.quizzes import Quiz, QuizDraw, QuizQuestion, new_quiz_key
from quizzes.bank.models.rules import SittingRules

__all__ = [
    "KEY_ALPHABET",
    "Option",
    "Picture",
    "Question",
    "QuestionTag",
    "QuestionVersion",
    "Quiz",
    "QuizDraw",
    "QuizQuestion",
    "SittingRules",
    "new_question_key",
    "new_quiz_key",
    "nfc",
]
