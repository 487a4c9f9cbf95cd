"""The sheet of cards as PDF: A4, ten cards with cut marks, in Vietnamese always."""

import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from learning.typesetting import typeset
from portal.accounts.cards.actions import PrintedCard

_TEMPLATE = Path(__file__).resolve().parent / "cards.typ"


def draw_cards(
    cards: Sequence[PrintedCard], *, expires_on: date, form: str = "pdf", **options: object
) -> bytes:
    """The cards as one document. Raises `typst.TypstError` when it can't be set."""
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.SITE_URL + reverse("accounts:activate")
    facts = {
        "site": settings.WAGTAIL_SITE_NAME,
        "address": address.removeprefix("https://").removeprefix("http://"),
        "expires": f"{expires_on:%d/%m/%Y}",
        "cards": [
            {
                "name": card.full_name,
                "unit": card.unit_name,
                "login": card.login,
                "label": "Thư điện tử" if "@" in card.login else "Mã cán bộ",
                "code": card.code,
                "qr": _qr_svg(address, card),
            }
            for card in cards
        ],
    }
    return typeset(
        _TEMPLATE,
        inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        format=form,
        **({"timestamp": timezone.now().replace(microsecond=0)} if form == "pdf" else {}),
        **options,
    )


def _qr_svg(address: str, card: PrintedCard) -> str:
    """The address with name and code behind the «#», which never reaches a server or its log."""
    drawn = io.BytesIO()
    filled = f"{address}#{urlencode({'ten': card.login, 'ma': card.code})}"
    segno.make(filled, error="m", micro=False).save(
        drawn, kind="svg", border=0, xmldecl=False, dark="black"
    )
    return drawn.getvalue().decode()
