"""Form widgets of this package."""

from collections.abc import Iterable
from typing import Any

from django import forms


class UnitsSelect(forms.SelectMultiple):
    """Units in the order of the tree, each as deep as it lies; a list to choose several from."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"size": "10", **(attrs or {})}, choices)


class CourseSelect(forms.Select):
    """A course by its title; the value is its key. Read when shown, so never out of date."""

    @property
    def choices(self) -> Iterable[Any]:
        # Imported here: models name this widget before the courses' models are loaded.
        from learning.courses.queries import course_choices

        return [("", "---------"), *((str(key), title) for key, title in course_choices())]

    @choices.setter
    def choices(self, value: Any) -> None:
        """Django sets what it was given; the choices are always the live courses."""
