"""Compiled translations: made from the .po files where they are missing or older."""

import gettext
import os
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import trans_real


def compile_catalogues() -> list[Path]:
    """Write the .mo beside every .po that is newer; returns what was written.

    Cheap when nothing changed (two stats a catalogue). A read-only checkout is deployed with its
    .mo files made beforehand by any management command.
    """
    written = []
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).glob("*/LC_MESSAGES/*.po"):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            draft = target.with_name(f"{target.name}.{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
            written.append(target)
    if written:
        _forget_loaded()
    return written


def _forget_loaded() -> None:
    """Whatever was translated while the apps loaded made Django keep catalogues without these."""
    gettext._translations = {}  # type: ignore[attr-defined]
    trans_real._translations = {}  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]
