"""What the caches and the loading of packs remember."""

import uuid

from django.db import models


class ContentStamp(models.Model):
    """One row that changes whenever anything published changes; caches are keyed by it.

    Reading it is one indexed query, cheaper than asking each cached thing whether it is stale,
    and right for any number of processes with caches of their own.
    """

    value = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.value)


class LoadedItem(models.Model):
    """What a content pack last said of one thing, as a digest: loading again writes only news."""

    key = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.key)
