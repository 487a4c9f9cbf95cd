"""Whatever refers to a person is told of in «Dữ liệu của tôi», or excused with a reason."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder

from learning.privacy import kept
from learning.privacy.kept import Fate, excuse, kinds, untold
from tests.learning.organisations.factories import make_user


def test_every_relation_to_a_person_is_told_of_or_excused():
    assert untold() == [], (
        "These relations to people are in nobody's «Dữ liệu của tôi». In the package's kept.py, "
        "call learning.privacy.kept.register_kept(Kept(…, models=('app.Model',))) from the app's "
        "ready, or excuse({'app.Model.field': 'why not'}) where it says nothing of the person."
    )


def test_an_untold_relation_is_noticed(monkeypatch):
    known = {slug: kind for slug, kind in kept._registry.kinds.items() if slug != "enrolments"}
    monkeypatch.setattr(kept, "_registry", kept._Registry(known, dict(kept._registry.excused)))
    assert untold() == ["enrolments.Assignment_people.user", "enrolments.Enrolment.user"]
    excuse({"enrolments.*": "for this test"})
    assert untold() == []


def test_models_that_are_named_exist():
    for kind in kinds():
        assert [apps.get_model(label)._meta.label for label in kind.models] == list(kind.models)


def test_two_kinds_never_share_a_slug():
    with pytest.raises(ValueError, match="registered already"):
        kept.register_kept(kinds()[0])


@pytest.mark.django_db
def test_of_somebody_new_there_is_her_account_alone():
    user = make_user()
    found = {kind.slug: kind.count(user) for kind in kinds()}
    assert {slug: n for slug, n in found.items() if n} == {"account": 1}
    for kind in kinds():
        rows = [dict(row) for row in kind.collect(user)]
        assert len(rows) == found[kind.slug]
        json.dumps(rows, cls=DjangoJSONEncoder)
        fate = kind.fate(user)
        assert fate == (Fate(nameless=1) if kind.slug == "account" else Fate())
    assert get_user_model().objects.get(pk=user.pk).full_name == user.full_name
