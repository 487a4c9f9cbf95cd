"""What the floors above may hear from staff lists, and are asked."""

from django.dispatch import Signal

# Asked before a list is undone, with `user_ids`: receivers return those of them who have done
# something here that would be lost, a set.
acting_asked = Signal()

# Sent inside the transaction that takes new people back, with `user_ids`: what hangs on them and
# they have not touched goes too, so that they can be deleted.
people_unmade = Signal()
