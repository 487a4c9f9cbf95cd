"""The preview: computed, never written, and sealed so that applying can compare."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from learning.organisations.changing.effects import Effects, compute
from learning.organisations.changing.plans import Plan
from learning.organisations.models import UnitChange
from learning.organisations.signals import unit_change_effects

_SALT = "learning.organisations.changing"


@dataclass(frozen=True)
class Seen:
    """What a preview saw: a digest of plan and rows, and the counts it showed."""

    digest: str
    counts: dict[str, int]

    def seal(self) -> str:
        """As a form carries it, so that nobody can alter it."""
        return signing.dumps([self.digest, self.counts], salt=_SALT)


def unseal(text: str) -> Seen | None:
    """What `Seen.seal` made, or None for anything else."""
    try:
        digest, counts = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Seen(digest, counts)


@dataclass
class Preview:
    """What a plan would do. `further`: sentences of the packages above, «%(count)s» → count."""

    plan: Plan
    effects: Effects
    further: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> dict[str, int]:
        """See `Effects.counts`."""
        return self.effects.counts

    @property
    def seen(self) -> Seen:
        """What applying compares."""
        return Seen(self.digest, self.counts)

    @property
    def digest(self) -> str:
        """The same as long as the plan and every row it touches are the same."""
        effects = self.effects
        touched = [
            self.plan.digest,
            [
                (unit.pk, unit.path, unit.name, unit.short_name, unit.kind)
                for unit in (*effects.closed, *effects.renamed)
            ],
            [(unit.pk, unit.path) for unit, _target in effects.hung],
            [(row.pk, row.unit_id, row.ended_on) for row, _target in effects.people],
            [(role.pk, role.starts_on, role.ends_on) for role, _target in effects.roles],
            sorted(self.further.items()),
        ]
        return hashlib.sha256(repr(touched).encode()).hexdigest()


def make_preview(plan: Plan) -> Preview:
    """What a checked plan would do, with what follows in the packages above."""
    effects = compute(plan)
    preview = Preview(plan, effects)
    asked: dict[str, Any] = {
        "unit_ids": [unit.pk for unit in effects.closed]
        + [unit.pk for unit, _target in effects.hung],
        "user_ids": [row.user_id for row, _target in effects.people if row.ended_on is None],
    }
    for _receiver, told in unit_change_effects.send(sender=UnitChange, **asked):
        preview.further.update(told)
    return preview
