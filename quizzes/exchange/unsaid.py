"""What a format cannot say of a draft: the same sentences for all formats."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import cast

from django.utils.translation import gettext as _

from quizzes.bank.content import OptionSpec
from quizzes.bank.kinds import all_kinds
from quizzes.exchange.base import Draft, Loss

_TEXTS = ("text", "why", "match")
MEDIUM = 2


def with_texts(draft: Draft, change: Callable[[str], str]) -> Draft:
    """The draft with its question, explanation and the texts of its options changed."""
    options = []
    for option in draft.options:
        texts = {name: change(str(option[name])) for name in _TEXTS if name in option}  # type: ignore[literal-required]
        options.append(cast(OptionSpec, {**option, **texts}))
    return replace(
        draft,
        prompt=change(draft.prompt),
        explanation=change(draft.explanation),
        options=options,
    )


def unsaid(index: int, draft: Draft, kept: Collection[str]) -> list[Loss]:
    """What of the draft at `index` is lost in a format that keeps only the fields in `kept`.

    Fields are those of a draft, «why» and «pinned» of its options, and «english».
    """
    english = bool(draft.prompt_en or draft.explanation_en)
    english = english or any(
        str(value)
        for option in draft.options
        for name, value in option.items()
        if name[-3:] == "_en"
    )
    own = any(option.get("picture") for option in draft.options)
    said = {
        "english": (english, _("Its English texts are left out.")),
        "topic": (draft.topic, _("Its topic is left out.")),
        "tags": (draft.tags, _("Its tags are left out.")),
        "difficulty": (draft.difficulty != MEDIUM, _("Its difficulty is left out.")),
        "objective": (draft.objective, _("Its objective is left out.")),
        "reference": (draft.reference, _("The lesson it checks is left out.")),
        "sources": (draft.sources, _("Its sources are left out.")),
        "explanation": (draft.explanation, _("Its explanation is left out.")),
        "why": (
            any(o.get("why") for o in draft.options),
            _("What is said to options is left out."),
        ),
        "pinned": (
            any(o.get("pinned") for o in draft.options),
            _("Options that stay in their place may be shuffled there."),
        ),
        "picture": (draft.picture, _("Its picture is left out.")),
        "option_picture": (own, _("The pictures of its options are left out.")),
    }
    return [
        Loss(index, sentence)
        for name, (there, sentence) in said.items()
        if there and name not in kept
    ]


def left_out(index: int, draft: Draft) -> Loss:
    """The loss of a whole draft, as its kind has no place in the format."""
    labels = {kind.name: kind.label for kind in all_kinds()}
    return Loss(
        index,
        _("Left out: the format has no questions of this kind (%(kind)s).")
        % {"kind": labels.get(draft.kind, draft.kind)},
        whole=True,
    )


def changed_texts(index: int, before: Draft, after: Draft) -> list[Loss]:
    """The loss of what `with_texts` changed, as one sentence."""
    if before == after:
        return []
    return [Loss(index, _("Spaces or characters that are not seen are left out of its texts."))]
