from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from portal.accounts.roles import EDITORS
from tests.quizzes.factories import PersonFactory


@pytest.fixture
def editor(db: None) -> Any:
    """An editor, who may regrade."""
    person = PersonFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=EDITORS))
    return person
