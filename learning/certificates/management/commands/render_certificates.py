"""Ask again for every paper that is missing or could not be mailed."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from learning.certificates.models import Certificate, CertificateFile
from learning.certificates.tasks import render_certificate


class Command(BaseCommand):
    help = "Queue the drawing of every certificate whose paper is missing or was not mailed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count tries from the start: whoever runs this has mended the cause."""
        unfinished = CertificateFile.objects.filter(
            Q(rendered_at__isnull=True)
            | Q(mailed_at__isnull=True)
            & Q(certificate__status=Certificate.Status.VALID)
            & Q(certificate__enrolment__user__is_active=True)
            & Q(certificate__enrolment__user__email__isnull=False)
        )
        keys = list(unfinished.order_by("pk").values_list("certificate_id", flat=True))
        CertificateFile.objects.filter(certificate_id__in=keys).update(tries=0)
        for key in keys:
            render_certificate.enqueue(key)
        self.stdout.write(f"{len(keys)} queued")
