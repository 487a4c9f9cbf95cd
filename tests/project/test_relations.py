"""Foreign keys follow the import order too; import-linter cannot see those named by a string."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from tests.project.houses import level_of, room_of


def relations() -> Iterator[tuple[type[models.Model], models.Field, type[models.Model]]]:
    """Every relation declared by a model of ours: (model, field, what it points at)."""
    for model in apps.get_models(include_auto_created=True):
        if room_of(model.__module__) is None:
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if field.is_relation and isinstance(field.related_model, type):
                yield model, field, field.related_model


def points_wrongly(model: type[models.Model], target: type[models.Model]) -> bool:
    """Whether a relation from `model` to `target` goes upwards, or to a neighbour on its floor."""
    if target is get_user_model():
        return False
    source, goal = room_of(model.__module__), room_of(target.__module__)
    if source is None or goal is None or source == goal:
        return False
    return level_of(goal) <= level_of(source)


def test_relations_point_downwards_only():
    wrong = [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model, field, target in relations()
        if points_wrongly(model, target)
    ]
    assert wrong == []


def test_relations_are_found():
    """Guards the test above: an empty list of relations would pass it."""
    assert any(target is get_user_model() for _model, _field, target in relations())


def test_a_relation_upwards_or_sideways_is_noticed():
    def model_in(module: str) -> type[models.Model]:
        return type("Example", (), {"__module__": f"{module}.models"})  # type: ignore[return-value]

    courses, progress = model_in("learning.courses"), model_in("learning.progress")
    certificates, bank = model_in("learning.certificates"), model_in("quizzes.bank")
    assert points_wrongly(courses, progress)
    assert points_wrongly(certificates, progress)
    assert points_wrongly(bank, courses)
    assert not points_wrongly(progress, bank)
