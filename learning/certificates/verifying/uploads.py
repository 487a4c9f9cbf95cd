"""Taking in a PDF only to look at it: in memory, at most 10 MB, never on a disk."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST_BYTES = 10 * 1024 * 1024


class LookingHandler(FileUploadHandler):
    """Keeps the file's bytes until the request is over; a file that is too big is not read on."""

    chunk_size = 64 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.parts: list[bytes] = []
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            self.request.too_big = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        self.parts.append(raw_data)

    def file_complete(self, file_size: int) -> ContentFile[bytes]:  # type: ignore[override]
        return ContentFile(b"".join(self.parts), name="giay-chung-nhan.pdf")


def sha256_of(content: bytes) -> str:
    """As 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
