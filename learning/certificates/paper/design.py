"""A design: all that a template decides about a paper. A version of a template keeps one whole.

Knows no database; what it holds can be written as JSON and read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("vi", "en")
# What a template may leave out, in the order of the paper. The rest is always printed.
OPTIONAL_FIELDS = (
    ("birth_date", _("Birth date")),
    ("position", _("Position")),
    ("unit", _("Unit")),
    ("period", _("Period of study")),
    ("hours", _("Hours")),
    ("result", _("Result")),
    ("percent", _("Score in percent")),
    ("goal", _("Training goal")),
)
PICTURES = ("logo", "logo2", "signature")


@dataclass(frozen=True)
class Palette:
    """Colours that are printed together: `ink`, `soft` and `accent` bear words on white (at
    least 4.5:1), `line`, `tint` and `petal` only adorn."""

    label: Any
    ink: str
    soft: str
    accent: str
    line: str
    tint: str
    petal: str


PALETTES = {
    "flamboyant": Palette(
        _("Flamboyant red"), "#10263f", "#47586c", "#b8230f", "#b98a5a", "#fbf4e8", "#f3e0cd"
    ),
    "sea": Palette(_("Sea blue"), "#10263f", "#47586c", "#0f4c81", "#6d93b8", "#eef4fa", "#d6e4f1"),
    "jade": Palette(
        _("Jade green"), "#12312a", "#46605a", "#0b6650", "#7aa593", "#eef6f1", "#d5e9df"
    ),
    "plum": Palette(_("Plum"), "#2a1738", "#5d4c68", "#7a1f5c", "#a98aa6", "#f8f1f7", "#ecdbe9"),
    "grey": Palette(
        _("Grey, for printers without colour"),
        "#1c1c1c",
        "#505050",
        "#1c1c1c",
        "#8c8c8c",
        "#f5f5f5",
        "#e2e2e2",
    ),
}


@dataclass(frozen=True)
class Wording:
    """The words of one language: the issuer as it signs, and the sentences round the name."""

    issuer_parent: str = ""
    issuer_name: str = ""
    place: str = ""
    signer_lines: tuple[str, ...] = ()
    signer_name: str = ""
    attests: str = ""
    completed: str = ""
    hours: str = "{hours}"
    note: str = ""


@dataclass(frozen=True)
class Design:
    """Everything of a template. `pictures` are by place (`PICTURES`) whole SVG documents."""

    palette: str = "flamboyant"
    language: str = "vi"
    shown: tuple[str, ...] = ("position", "unit", "period", "hours", "result", "percent", "goal")
    wording: Mapping[str, Wording] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: str) -> Wording:
        """The wording of `language`; Vietnamese where there is none."""
        return self.wording.get(language) or self.wording["vi"]

    def as_json(self) -> dict[str, Any]:
        """For the version's row; pictures are kept beside it."""
        made = asdict(replace(self, pictures={}))
        del made["pictures"]
        return made

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], pictures: Mapping[str, str]) -> Design:
        """What `as_json` gave; a key that a later house no longer knows is left out."""
        known = {item.name for item in fields(Wording)}
        wording = {}
        for language, words in kept["wording"].items():
            told: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in words.items()
                if key in known
            }
            wording[language] = Wording(**told)
        return cls(
            palette=kept["palette"] if kept["palette"] in PALETTES else "flamboyant",
            language=kept["language"],
            shown=tuple(kept["shown"]),
            wording=wording,
            pictures=dict(pictures),
        )


def house_design() -> Design:
    """What is printed before anybody has chosen: the issuer of the settings."""
    issuer = settings.CERTIFICATE_ISSUER
    vietnamese = Wording(
        issuer_parent=issuer["parent"],
        issuer_name=issuer["name"],
        place=issuer["place"],
        signer_lines=tuple(issuer["signer_lines"]),
        signer_name=issuer["signer_name"],
        attests="Chứng nhận Ông/Bà",
        completed="Đã hoàn thành chuyên đề trực tuyến:",
        hours="Thời lượng {hours} giờ",
    )
    english = replace(
        vietnamese,
        attests="This is to certify that",
        completed="has completed the online programme:",
        hours="{hours} hours of study",
    )
    return Design(wording={"vi": vietnamese, "en": english})
