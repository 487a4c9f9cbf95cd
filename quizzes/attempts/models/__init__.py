"""What is stored of sittings: attempts with their questions, and time given beyond the rules."""

from quizzes.attempts.models.attempts import Attempt, AttemptItem, Erasure, Ruling
from quizzes.attempts.models.times import Allowance, Extension, Incident

__all__ = ["Allowance", "Attempt", "AttemptItem", "Erasure", "Extension", "Incident", "Ruling"]
