"""What the floors above may hear from this one."""

from django.dispatch import Signal

# Sent by the actions inside their transaction, with `user` and `unit` (None: she works nowhere).
member_moved = Signal()

# The same of many at once, with `moves`: a list of (user_id, unit_id or None). Sent instead of
# `member_moved` where thousands move in one transaction (a staff list, a merger).
members_moved = Signal()

# Asked for a preview, with `unit_ids` (units that close or get another unit above them) and
# `user_ids` (people who move), by `send`. Receivers write nothing and answer with a dict:
# sentence with «%(count)s» → how many.
unit_change_effects = Signal()

# Sent inside the transaction when a change has come true, before `members_moved`: with `change` (a
# `UnitChange`) and `successors`, closed unit's id → ids of the units that took over.
units_changed = Signal()
