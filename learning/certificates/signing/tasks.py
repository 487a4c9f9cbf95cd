"""Signing what waits, outside of any request."""

import logging

from django_tasks import task

from learning.certificates.signing.actions import sign_waiting
from learning.certificates.signing.keys import CannotSignError

logger = logging.getLogger(__name__)


@task()
def sign_what_waits() -> None:
    """As the command `sign_certificates`; without a key nothing happens but a line in the log."""
    try:
        sign_waiting()
    except CannotSignError as error:
        logger.warning("Nothing is signed: %s", error)
