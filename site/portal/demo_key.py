"""The secret key of a trial: made on the first start, kept in a file outside git."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def demo_secret_key(path: Path) -> str:
    """The key kept at `path`, made there first if there is none.

    Several processes may start at once: the one that creates the file wins, the others read it.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
