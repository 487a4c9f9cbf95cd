"""What a result may tell, by the names a quiz's review rules keep."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order of the result page.
SCORE, ANSWERS, KEY, EXPLANATION = "score", "answers", "key", "explanation"
TOLD: tuple[tuple[str, str | Promise], ...] = (
    (SCORE, _("Score")),
    (ANSWERS, _("Own answers")),
    (KEY, _("Right answers")),
    (EXPLANATION, _("Explanations and sources")),
)


def tell_everything() -> list[str]:
    """The default of each phase: score, answers, key and explanation."""
    return [name for name, _label in TOLD]
