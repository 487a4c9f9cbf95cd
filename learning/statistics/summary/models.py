"""What is kept, and what of it isn't true any more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Mark(models.Model):
    """The kept figures of a unit are old: those of the course, or (without one) of its staff.

    Only ever added, so that people who learn at the same time never wait for each other. No
    foreign keys: a trigger writes it, in the middle of whatever happens.
    """

    wagtail_reference_index_ignore = True

    unit_id = models.BigIntegerField()
    course_key = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.course_key or '-'}"


class Turn(models.Model):
    """One row whose lock is the turn of who counts again: a later count is never overwritten."""

    wagtail_reference_index_ignore = True

    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.taken_at)


class KeptFigures(models.Model):
    """The own people of a unit in a course, without those below it.

    `dues` has the unfinished people by due date, `scores` the completions by score, `attempts` the
    quizzes handed in by origin: what is overdue depends on the day, and which quizzes count on
    what is published, so both are summed when they are read.
    """

    wagtail_reference_index_ignore = True

    unit_id = models.BigIntegerField()
    course_key = models.UUIDField()
    assigned = models.IntegerField(default=0)
    not_started = models.IntegerField(default=0)
    in_progress = models.IntegerField(default=0)
    completed = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    timed = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    certificates = models.IntegerField(default=0)
    hours = models.DecimalField(max_digits=12, decimal_places=1, default=0)
    dues = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    attempts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course_key", "unit_id"], name="kept_figures_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.course_key}"


class KeptDay(models.Model):
    """Who was enrolled and who completed on one day, of the own people of a unit."""

    wagtail_reference_index_ignore = True

    unit_id = models.BigIntegerField()
    course_key = models.UUIDField()
    day = models.DateField()
    assigned = models.IntegerField(default=0)
    completed = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course_key", "unit_id", "day"], name="kept_day_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["course_key", "day"], name="kept_day_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.day}"


class KeptStaff(models.Model):
    """People with an open membership in the unit itself."""

    wagtail_reference_index_ignore = True

    unit_id = models.BigIntegerField(primary_key=True)
    staff = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.staff}"


class KeptGoal(models.Model):
    """Of the unit's own staff, how many had on this day completed the last course of a set.

    The row without a day is the sum of all: who is done by a day is that less the days after it,
    and those are few. `courses` are the keys in their order, joined: what a goal asks for may
    change, what a set means never does.
    """

    wagtail_reference_index_ignore = True

    unit_id = models.BigIntegerField()
    courses = models.CharField(max_length=700)
    day = models.DateField(null=True)
    done = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["courses", "unit_id", "day"], name="kept_goal_once")
        ]
        indexes: ClassVar = [models.Index(fields=["courses", "day"], name="kept_goal_by_day")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.day}"


class KeptSet(models.Model):
    """A set of courses of which `KeptGoal` has every unit."""

    wagtail_reference_index_ignore = True

    courses = models.CharField(max_length=700, primary_key=True)

    def __str__(self) -> str:
        return self.courses
