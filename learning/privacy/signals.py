"""What the floors above may hear from this one; sent inside the transaction."""

from django.dispatch import Signal

# With `user`, `old`, `new` and `by`: her name was corrected. Certificates print what was true when
# they were issued; who issues them again hears of it here.
name_corrected = Signal()

# With `request`: it was answered.
request_answered = Signal()

# With `user`: her data has been erased.
person_erased = Signal()
