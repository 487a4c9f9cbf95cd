"""ZIP archives from strangers: nothing outside, nothing twice, nothing that swells."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from quizzes.exchange.base import FileError

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 5000
MOST_UNPACKED = 200 * 1024 * 1024
# Text shrinks to a tenth, a bomb to a thousandth; small files may be anything.
MOST_RATIO = 150
_FREE_OF_RATIO = 1024 * 1024
_CHUNK = 256 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # encrypted
    NotImplementedError,  # compressed in a way that is not known
    OverflowError,
    IndexError,
    KeyError,
)


def read_archive(data: bytes) -> dict[str, bytes]:
    """The files of a ZIP archive by their paths with «/», folders left out.

    Raises `FileError` for what is no archive, for paths that lead out of it, links, names that
    stand twice (capitals aside), and for more than the limits of this module, whatever sizes the
    archive itself tells.
    """
    if len(data) > MOST_BYTES:
        raise FileError(
            _("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024}
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive)
    except FileError:
        raise
    except _BROKEN as error:
        raise FileError(_("The file is no archive (ZIP), or a damaged one.")) from error


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        raise FileError(_("The archive holds more than %(limit)s files.") % {"limit": MOST_FILES})
    seen: set[str] = set()
    for member in archive.infolist():
        _check_name(member)
        name = member.filename.rstrip("/").casefold()
        if name in seen:
            raise FileError(
                _("The archive holds «%(name)s» twice.") % {"name": member.filename[:100]}
            )
        seen.add(name)
    files: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for member in members:
        files[member.filename] = _content(archive, member, left)
        left -= len(files[member.filename])
    return files


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.filename
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or name[1:2] == ":"
    if not name or outside or "\\" in name or "\0" in name:
        raise FileError(
            _("The archive holds a path that leads out of it: «%(name)s».") % {"name": name[:100]}
        )
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise FileError(
            _("The archive holds a link instead of a file: «%(name)s».") % {"name": name[:100]}
        )


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    most = min(left, max(_FREE_OF_RATIO, member.compress_size * MOST_RATIO))
    parts: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise FileError(_("The archive swells too much when it is unpacked."))
            parts.append(chunk)
    return b"".join(parts)


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of the files by their paths; equal files give equal bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            member = zipfile.ZipInfo(path, date_time=_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return target.getvalue()
