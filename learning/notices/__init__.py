"""Messages to people: queued in the database, mailed by the worker, listed on the site.

Owns the outbox, the texts that editors may change, and what each person wishes to receive. Knows
nothing of courses: the packages above register the kinds of messages they send.
"""
