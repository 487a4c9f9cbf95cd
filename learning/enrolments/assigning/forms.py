"""What an officer fills in to assign a course; every fault is told at its field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.enrolments.models import Assignment, Audience, Repeats, TrainingGoal
from learning.organisations.models import Membership, Unit, UnitKind
from learning.vietnamese import DAY_FORMATS, nfc

MOST_LINES = 5000
MOST_TOLD = 10
_INDENT = "\u2003"


class Day(forms.DateInput):
    """A date typed as it is written in Vietnam: a browser's own calendar would show it in the
    order of the computer's language, and the fourth of May become the fifth of April."""

    def __init__(self) -> None:
        super().__init__(
            {"class": "field__input", "placeholder": "dd/mm/yyyy", "autocomplete": "off"},
            format="%d/%m/%Y",
        )


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=Day(),
        help_text=help_text,
        input_formats=DAY_FORMATS,
        error_messages={"invalid": gettext_lazy("Write the day as dd/mm/yyyy.")},
    )


def _lines(text: str) -> list[str]:
    """The lines and comma-separated parts of a text, each once, in order."""
    parts = (nfc(part) for line in text.splitlines() for part in line.replace(";", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _read_days(text: str) -> list[int]:
    days = []
    for part in _lines(text.replace(" ", ",")):
        if not part.isascii() or not part.isdigit() or not 0 <= int(part) <= 365:
            raise ValidationError(_("Write numbers of days with commas between them, like 7, 1."))
        days.append(int(part))
    return days


class AssignmentForm(forms.Form):
    """An assignment, new or changed. `units` are those for which the officer acts."""

    course_key = forms.ChoiceField(label=gettext_lazy("Course"))
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), help_text=gettext_lazy("With all units below it.")
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        initial=Audience.EVERYONE,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of units"),
        choices=UnitKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    positions = forms.CharField(
        label=gettext_lazy("Positions"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "field__input"}),
        help_text=gettext_lazy(
            "One a line, like “Phó Trưởng phòng”. Capitals and marks do not matter; a part is"
            " enough."
        ),
    )
    people = forms.CharField(
        label=gettext_lazy("People"),
        required=False,
        widget=forms.Textarea({"rows": 5, "class": "field__input", "spellcheck": "false"}),
        help_text=gettext_lazy("Staff codes or e-mail addresses, one a line."),
    )
    required = forms.BooleanField(
        label=gettext_lazy("Required: these people must complete the course"),
        required=False,
        initial=True,
    )
    opens_on = _day(gettext_lazy("Opens on"), gettext_lazy("Empty: at once."))
    due_on = _day(gettext_lazy("Due date"), gettext_lazy("Empty: without a due date."))
    due_days = forms.IntegerField(
        label=gettext_lazy("Days for who comes later"),
        required=False,
        min_value=1,
        max_value=730,
        help_text=gettext_lazy("Counted from the day they come. Empty: the due date above."),
    )
    before = forms.CharField(
        label=gettext_lazy("Remind before the due date (days)"), required=False, initial="7, 1"
    )
    after = forms.CharField(
        label=gettext_lazy("Remind after it (days)"), required=False, initial="1, 7, 14"
    )
    repeats = forms.ChoiceField(
        label=gettext_lazy("Repeats"),
        choices=Repeats.choices,
        widget=forms.RadioSelect,
        initial=Repeats.NEVER,
    )
    repeat_months = forms.IntegerField(
        label=gettext_lazy("Months after completion"), required=False, min_value=1, max_value=60
    )
    repeat_until = _day(gettext_lazy("Last day on which a round may begin"))
    counts_since = _day(
        gettext_lazy("A completion counts since"),
        gettext_lazy("Who completed it before this day studies it again. Empty: all count."),
    )
    equivalents = forms.MultipleChoiceField(
        label=gettext_lazy("Courses whose completion counts instead"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    goal = forms.ModelChoiceField(
        label=gettext_lazy("Training goal"),
        queryset=TrainingGoal.objects.all(),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    def __init__(
        self,
        *args: Any,
        units: Any,
        courses: list[tuple[UUID, str]],
        assignment: Assignment | None = None,
        **options: Any,
    ) -> None:
        self.assignment = assignment or Assignment()
        if assignment is not None:
            options["initial"] = {**_initial(assignment), **options.get("initial", {})}
        super().__init__(*args, **options)
        self._units = units
        named = [(str(key), title) for key, title in courses]
        self._choices("course_key").choices = named
        self._choices("equivalents").choices = named
        self._choices("unit").choices = unit_choices(units)
        for name, one in self.fields.items():
            if not isinstance(one.widget, forms.CheckboxInput | forms.RadioSelect) and not (
                isinstance(one.widget, forms.CheckboxSelectMultiple)
            ):
                one.widget.attrs.setdefault("class", "field__input")
            if assignment is not None and name in ("course_key", "unit"):
                # What was given to whom is its identity; another course is another assignment.
                one.disabled = True

    def _choices(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    def clean_unit(self) -> Unit:
        """The unit itself, out of those for which the officer acts."""
        return self._units.get(pk=self.cleaned_data["unit"])

    def clean_before(self) -> list[int]:
        """Days before the due date."""
        return _read_days(self.cleaned_data["before"])

    def clean_after(self) -> list[int]:
        """Days after the due date."""
        return _read_days(self.cleaned_data["after"])

    def clean_due_on(self) -> Any:
        """A due date that has not passed already, unless it was there before."""
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < timezone.localdate() and due_on != self.assignment.due_on:
            raise ValidationError(_("This day has passed already."))
        return due_on

    def clean(self) -> dict[str, Any]:
        """The people of a list are looked up in the unit; then the assignment judges itself."""
        cleaned = super().clean() or self.cleaned_data
        self.people_keys: list[int] | None = None
        if cleaned.get("audience") == Audience.LIST and cleaned.get("unit"):
            self.people_keys = self._people(cleaned["unit"], cleaned.get("people", ""))
        if not self.errors:
            self._fill(cleaned)
        return cleaned

    def _people(self, unit: Unit, text: str) -> list[int]:
        lines = _lines(text)
        if not lines:
            self.add_error("people", _("Write at least one staff code or e-mail address."))
        if len(lines) > MOST_LINES:
            self.add_error("people", _("At most %d people at once.") % MOST_LINES)
            return []
        below = Membership.objects.open().for_units(Unit.objects.all().within(unit))
        people = get_user_model()._default_manager.filter(pk__in=below.values("user"))
        known: dict[str, int] = {}
        for start in range(0, len(lines), 400):
            part = lines[start : start + 400]
            rows = people.filter(
                Q(staff_code__in=[line.upper() for line in part])
                | Q(email__in=[line.lower() for line in part])
            ).values_list("pk", "staff_code", "email")
            for pk, code, email in rows:
                known.update({word.lower(): pk for word in (code, email) if word})
        unknown = [line for line in lines if line.lower() not in known]
        if unknown:
            told = ", ".join(unknown[:MOST_TOLD]) + (" …" if len(unknown) > MOST_TOLD else "")
            self.add_error("people", _("Nobody of this unit has these: %s") % told)
        return sorted({known[line.lower()] for line in lines if line.lower() in known})

    def _fill(self, cleaned: dict[str, Any]) -> None:
        from learning.enrolments.assigning.actions import check_assignment

        one = self.assignment
        one.course_key = UUID(cleaned["course_key"])
        one.unit = cleaned["unit"]
        one.positions = _lines(cleaned["positions"])
        one.reminder_plan = sorted({-day for day in cleaned["before"]} | set(cleaned["after"]))
        for name in _PLAIN:
            setattr(one, name, cleaned[name])
        try:
            check_assignment(one, self.people_keys)
        except ValidationError as error:
            for name, faults in error.message_dict.items():
                self.add_error(name if name in self.fields else None, faults)


_PLAIN = (
    "audience",
    "kinds",
    "required",
    "opens_on",
    "due_on",
    "due_days",
    "repeats",
    "repeat_months",
    "repeat_until",
    "counts_since",
    "equivalents",
    "goal",
)


def _initial(assignment: Assignment) -> dict[str, Any]:
    plan = assignment.reminder_plan
    people = assignment.people.order_by("name_sort").values_list("staff_code", "email")
    return {
        **{name: getattr(assignment, name) for name in _PLAIN},
        "course_key": str(assignment.course_key),
        "unit": str(assignment.unit_id),
        "positions": "\n".join(assignment.positions),
        "people": "\n".join(code or email or "" for code, email in people),
        "before": ", ".join(str(-day) for day in sorted(plan) if day < 0),
        "after": ", ".join(str(day) for day in sorted(plan) if day >= 0),
    }


def unit_choices(units: Any) -> list[tuple[str, str]]:
    """Units for a select, indented as they hang in the tree."""
    rows = list(units.values_list("pk", "depth", "name"))
    top = min((depth for _pk, depth, _name in rows), default=1)
    return [(str(pk), f"{_INDENT * (depth - top)}{name}") for pk, depth, name in rows]
