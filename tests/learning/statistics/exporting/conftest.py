"""Made files, and where they lie."""

from collections.abc import Callable

import pytest
from django.core.files.storage import storages


@pytest.fixture
def private_files(tmp_path, monkeypatch) -> Callable[[], list[str]]:
    """The files that lie in the private storage, a folder of this test's own."""
    storage = storages["private"]
    monkeypatch.setattr(storage, "_location", str(tmp_path), raising=False)
    storage.__dict__.pop("base_location", None)
    storage.__dict__.pop("location", None)

    def lying() -> list[str]:
        return sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*.*"))

    return lying
