"""The one way out of this package."""

from django.dispatch import Signal

# Sent with `sender=Attempt, attempt=<the graded Attempt>` by `send`, inside the transaction
# that grades: a receiver that fails takes the grading back with it.
attempt_graded = Signal()
