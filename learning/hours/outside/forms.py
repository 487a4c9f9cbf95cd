"""What is typed about an outside course, by her and by her officer."""

import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.hours.models import FIRST_YEAR, OutsideCourse
from learning.hours.outside.actions import Typed
from learning.hours.outside.evidence import Evidence, read_evidence
from learning.vietnamese import DAY_FORMATS, nfc

FORMS = ".pdf,.jpg,.jpeg,.png"
_MOST = Decimal("999.9")


class HoursField(forms.Field):
    """Hours with at most one decimal, written with a comma or a point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(
                {"class": "field__input", "inputmode": "decimal", "autocomplete": "off"}
            ),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Hours that are kept as a Vietnamese reader writes them."""
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value

    def to_python(self, value: Any) -> Any:
        text = (value or "").strip()[:20].replace(",", ".")
        if not text:
            return None
        try:
            hours = Decimal(text)
        except InvalidOperation:
            raise ValidationError(_("Write the hours as a number, like 7,5.")) from None
        if not hours.is_finite() or not 0 < hours <= _MOST:
            raise ValidationError(_("The hours must lie between 0,1 and 999,9."))
        if hours != hours.quantize(Decimal("0.1")):
            raise ValidationError(_("Write the hours with one digit after the comma at most."))
        return hours.quantize(Decimal("0.1"))


class EvidenceField(forms.FileField):
    """A file that is read and judged here; `clean` gives an `Evidence`."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, None)
        return read_evidence(file) if file else None


def _text(label: Any, **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput({"class": "field__input", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=250, required=False, widget=widget, **kwargs)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(
            {"class": "field__input", "placeholder": "dd/mm/yyyy", "autocomplete": "off"},
            format="%d/%m/%Y",
        ),
        error_messages={"invalid": gettext_lazy("Write the day as dd/mm/yyyy.")},
    )


class CourseForm(forms.Form):
    """Her course. A draft may lack anything; handed in, all of it must be there."""

    title = _text(gettext_lazy("Name of the course"))
    provider = _text(
        gettext_lazy("Provider"), help_text=gettext_lazy("Who held the course: school, academy …")
    )
    from_day = _day(gettext_lazy("From"))
    to_day = _day(gettext_lazy("To"))
    hours = HoursField(
        label=gettext_lazy("Hours"),
        required=False,
        help_text=gettext_lazy("As they stand on the evidence, like 40 or 7,5."),
    )
    evidence = EvidenceField(
        label=gettext_lazy("Evidence"),
        required=False,
        widget=forms.FileInput({"class": "field__input", "accept": FORMS}),
        help_text=gettext_lazy(
            "Certificate or decision as PDF, JPG or PNG, 10 MB at most. Only you and your HR"
            " officers can open it."
        ),
        error_messages={"empty": gettext_lazy("The file is empty. Choose another one.")},
    )

    def __init__(
        self, *args: Any, course: OutsideCourse | None, handing_in: bool = False, **kwargs: Any
    ) -> None:
        if course is not None:
            names = ("title", "provider", "from_day", "to_day", "hours")
            kwargs["initial"] = {name: getattr(course, name) for name in names}
        super().__init__(*args, **kwargs)
        self.course, self.handing_in = course, handing_in

    def clean_title(self) -> str:
        return self._wanted(nfc(self.cleaned_data["title"]), _("Write what the course is called."))

    def clean_provider(self) -> str:
        return self._wanted(nfc(self.cleaned_data["provider"]), _("Write who held the course."))

    def clean_from_day(self) -> datetime.date | None:
        return self._checked(self.cleaned_data["from_day"])

    def clean_to_day(self) -> datetime.date | None:
        return self._checked(self.cleaned_data["to_day"])

    def clean_hours(self) -> Decimal | None:
        return self._wanted(self.cleaned_data["hours"], _("Write how many hours it had."))

    def clean_evidence(self) -> Evidence | None:
        evidence = self.cleaned_data["evidence"]
        if not (self.course and self.course.evidence):
            self._wanted(evidence, _("Choose the file that shows that you took the course."))
        return evidence

    def _wanted(self, value: Any, told: str) -> Any:
        if self.handing_in and not value:
            raise ValidationError(told)
        return value

    def _checked(self, day: datetime.date | None) -> datetime.date | None:
        if day and day.year < FIRST_YEAR:
            raise ValidationError(_("The day lies before the year %s.") % FIRST_YEAR)
        if day and day > timezone.localdate():
            raise ValidationError(_("The day has not come yet. Enter a course once it is over."))
        return self._wanted(day, _("Write the day as dd/mm/yyyy."))

    def clean(self) -> None:
        """The days in their order, and no more hours than they have."""
        told = self.cleaned_data
        first, last, hours = told.get("from_day"), told.get("to_day"), told.get("hours")
        if first and last and last < first:
            self.add_error("to_day", _("The course ends before it begins."))
        elif first and last and hours and hours > 24 * ((last - first).days + 1):
            self.add_error("hours", _("So many hours do not fit into these days."))

    @property
    def typed(self) -> Typed:
        """What was entered and is right."""
        told = self.cleaned_data
        return Typed(
            title=told.get("title", ""),
            provider=told.get("provider", ""),
            from_day=told.get("from_day"),
            to_day=told.get("to_day"),
            hours=told.get("hours"),
        )

    @property
    def right_evidence(self) -> Evidence | None:
        """The file, if it is one that can be kept, whatever else is wrong."""
        return self.cleaned_data.get("evidence")


class JudgingForm(forms.Form):
    """The officer's word: hours that count, or the reason why it goes back."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("return", "")])
    version = forms.IntegerField(min_value=1)
    hours = HoursField(label=gettext_lazy("Hours that count"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"class": "field__input", "rows": 3}),
        help_text=gettext_lazy("She reads it. Needed to return the course or to change the hours."),
    )

    def __init__(self, *args: Any, course: OutsideCourse, **kwargs: Any) -> None:
        hours = course.approved_hours or course.hours
        kwargs["initial"] = {
            "hours": hours,
            "version": course.version,
            "reason": course.reason if course.approved_hours else "",
        }
        super().__init__(*args, **kwargs)
        self.course = course

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])

    def clean(self) -> None:
        """Whether the decision has what it needs."""
        told = self.cleaned_data
        if told.get("decision") == "return":
            self.errors.pop("hours", None)
            if not told.get("reason"):
                self.add_error("reason", _("Write why the course is returned."))
            return
        if "hours" in self.errors:
            return
        hours = told.get("hours")
        if not hours:
            self.add_error("hours", _("Write how many hours count."))
        elif hours != self.course.hours and not told.get("reason"):
            self.add_error("reason", _("Write why other hours count than were handed in."))
