"""Enrolments, the assignments that made them, and the goals they serve."""

from learning.enrolments.models.assignments import (
    REMINDERS,
    Assignment,
    Audience,
    Repeats,
)
from learning.enrolments.models.enrolments import Enrolment, EnrolmentQuerySet
from learning.enrolments.models.goals import Milestone, TrainingGoal, TrainingGoalCourse

__all__ = [
    "REMINDERS",
    "Assignment",
    "Audience",
    "Enrolment",
    "EnrolmentQuerySet",
    "Milestone",
    "Repeats",
    "TrainingGoal",
    "TrainingGoalCourse",
]
