"""Work after the commit: drawing the paper, mailing it."""

from django_tasks import task


@task()
def render_certificate(certificate_pk: int) -> None:
    """Draw and keep the paper of one certificate (placeholder body)."""
