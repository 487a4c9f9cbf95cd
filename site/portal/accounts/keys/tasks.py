"""Mail goes out in the worker: the page answers at once, and equally fast for every name."""

from django_tasks import task

from portal.accounts.keys.models import MailCode


@task(priority=50)
def send_code(request_id: str) -> None:
    """Send the code that was asked for; a second run sends nothing."""
    from portal.accounts.keys.actions import send

    asked = MailCode.objects.filter(pk=request_id).first()
    if asked is not None:
        send(asked=asked)
