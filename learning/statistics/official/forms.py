"""What stands above and below a unit's reports, as its officer types it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning.statistics.official.heads import FIELDS
from learning.statistics.official.models import Letterhead
from learning.vietnamese import nfc


class LetterheadForm(forms.ModelForm[Letterhead]):
    """Every line as it is printed; capitals are made where the decree wants them."""

    class Meta:
        model = Letterhead
        fields = FIELDS
        widgets = {
            "signer_lines": forms.Textarea(attrs={"rows": 2}),
            "recipients": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "symbol": _("For example BC-SKHCN"),
            "signer_lines": _("A line each, for example KT. GIÁM ĐỐC and PHÓ GIÁM ĐỐC"),
            "recipients": _("A line each; «Lưu: VT» is added"),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        return {
            name: "\n".join(filter(None, map(nfc, text.splitlines())))
            for name, text in cleaned.items()
        }
