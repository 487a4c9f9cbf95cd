"""Work after the commit: copies too large to make while their person waits."""

import io

from django.core.files.base import ContentFile
from django.utils import timezone, translation
from django_tasks import task

from learning.privacy.copies import write_zip
from learning.privacy.models import DataCopy


@task()
def make_copy(copy_pk: int) -> None:
    """Make the copy and keep it for its person. Made before, nothing happens."""
    copy = DataCopy.objects.filter(pk=copy_pk, made_at__isnull=True).select_related("person")
    ordered = copy.first()
    if ordered is None:
        return
    buffer = io.BytesIO()
    with translation.override("vi"):
        write_zip(ordered.person, buffer)
    name = ordered.file.field.generate_filename(ordered, f"{ordered.pk}.zip")
    stored = ordered.file.storage.save(name, ContentFile(buffer.getvalue()))
    mine = DataCopy.objects.filter(pk=copy_pk, made_at__isnull=True)
    if not mine.update(file=stored, made_at=timezone.now()):
        ordered.file.storage.delete(stored)  # another worker was quicker
