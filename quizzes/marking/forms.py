"""The form of a marker: points for each criterion, and a comment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from quizzes.bank.kinds.showing import Criterion


class MarkForm(forms.Form):
    """One field a criterion; `seen` is the latest mark that was on screen, `form_id` this form."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, localize=False)
    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], seen: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.initial = {"seen": seen, "form_id": uuid4()}
        for criterion in criteria:
            self.fields[f"points-{criterion.key}"] = forms.DecimalField(
                label=criterion.text,
                localize=False,
                validators=[_fits(criterion)],
                widget=forms.NumberInput(
                    attrs={
                        "min": "0",
                        "max": str(criterion.points),
                        "step": "0.5",
                        "inputmode": "decimal",
                    }
                ),
            )
        self.fields["comment"] = forms.CharField(
            label=_("Comment to the learner"),
            required=False,
            max_length=4000,
            widget=AdminAutoHeightTextInput,
            help_text=_("Shown beside the answer in the learner's review."),
        )

    def lines(self) -> Iterator[tuple[Criterion, Any]]:
        """Each criterion with its field."""
        for criterion in self.criteria:
            yield criterion, self[f"points-{criterion.key}"]

    def points(self) -> dict[str, Decimal]:
        """The points by criterion that were typed and fit."""
        return {
            criterion.key: self.cleaned_data[f"points-{criterion.key}"]
            for criterion in self.criteria
            if self.cleaned_data.get(f"points-{criterion.key}") is not None
        }

    @property
    def most(self) -> int:
        """The points of the whole rubric."""
        return sum(criterion.points for criterion in self.criteria)


def _fits(criterion: Criterion) -> Callable[[Decimal], None]:
    """Refuses points that the criterion cannot give, in one sentence that says which it can."""

    def validate(value: Decimal) -> None:
        if not 0 <= value <= criterion.points or value % Decimal("0.5"):
            raise ValidationError(
                _("Whole or half points, from 0 to %(most)s."), params={"most": criterion.points}
            )

    return validate
