"""What the floors above may hear from this one."""

from django.dispatch import Signal

# Sent by the actions inside their transaction, with `user` and `unit` (None: she works nowhere).
member_moved = Signal()

# The same of many at once, with `moves`: a list of (user_id, unit_id or None). Sent instead of
# `member_moved` where thousands move in one transaction (a staff list, a merger).
members_moved = Signal()
