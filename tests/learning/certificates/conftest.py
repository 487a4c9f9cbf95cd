"""Papers of each test lie in a folder of its own, and are drawn as after a commit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from learning.certificates.models import Certificate, CertificateFile
from tests.learning.certificates.factories import issue


@pytest.fixture
def paper_storage():
    """The storage the papers are kept in."""
    return CertificateFile._meta.get_field("file").storage


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch, paper_storage):
    monkeypatch.setattr(paper_storage, "location", str(tmp_path / "private"))


@pytest.fixture
def broken_storage(tmp_path, monkeypatch, paper_storage) -> Callable[[], None]:
    """Nothing can be kept (a file stands where the folder should) until this is called."""
    (tmp_path / "blocked").write_text("a file")
    sound = paper_storage.location
    monkeypatch.setattr(paper_storage, "location", str(tmp_path / "blocked"))
    return lambda: monkeypatch.setattr(paper_storage, "location", sound)


@pytest.fixture
def issue_drawn(django_capture_on_commit_callbacks) -> Callable[..., Certificate]:
    """Issue a certificate and let everything happen that follows the commit."""

    def issue_and_commit(*args, **changed) -> Certificate:
        with django_capture_on_commit_callbacks(execute=True):
            return issue(*args, **changed)

    return issue_and_commit
