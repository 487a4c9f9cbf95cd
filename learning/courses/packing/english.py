"""Laying a lesson's English over its Vietnamese: the same blocks, the same facts, other words."""

from typing import Any

from django.utils.translation import gettext as _

from learning.courses.packing.located import Report
from learning.courses.packing.specs import Block

# What does not change with the language.
_FIXED = ("source", "picture", "file", "captions", "goal", "tone", "numbers", "right")
_SWAPPED = str.maketrans(",.", ".,")


def translated_blocks(
    original: list[Block], translation: list[Block], file: str, report: Report
) -> list[Block]:
    """The original's blocks with the translation's words; they must be the same in number, kind
    and order."""
    kinds = [kind for kind, _value, _line in original]
    if kinds != [kind for kind, _value, _line in translation]:
        at = next(
            (
                line
                for (kind, _value, line), known in zip(translation, kinds, strict=False)
                if kind != known
            ),
            translation[-1][2] if translation else 1,
        )
        report.add((file, at), _("The blocks are not those of the Vietnamese lesson."))
        return []
    return [
        (kind, _laid_over(kind, value, words, (file, line), report), line)
        for (kind, value, _line), (_kind, words, line) in zip(original, translation, strict=True)
    ]


def _laid_over(kind: str, value: Any, words: Any, at: tuple[str, int], report: Report) -> Any:
    if not isinstance(value, dict):
        return words
    laid = dict(value)
    for name, word in words.items():
        if name in _FIXED or word in ("", None, []):
            continue
        if isinstance(word, list) and len(word) != len(value[name]):
            report.add(at, _("The translation has not as many parts as the original."))
        elif kind == "practice" and name == "options":
            laid[name] = [
                option | {"text": said["text"], "why": said["why"]}
                for option, said in zip(value[name], word, strict=True)
            ]
        else:
            laid[name] = word
    if value.get("picture") and not words.get("alt"):
        report.add(at, _("«%(name)s» is missing.") % {"name": "alt"})
    if kind == "fact" and not words.get("number"):
        # 31,4 is read as 31.4, and 1.583 as 1,583.
        laid["number"] = value["number"].translate(_SWAPPED)
    return laid
