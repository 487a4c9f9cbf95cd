"""What the floors above may hear from this one."""

from django.dispatch import Signal

# Sent by the actions inside their transaction, with `user` and `unit` (None: she works nowhere).
member_moved = Signal()
