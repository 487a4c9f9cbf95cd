"""Marking by people: the queue of answers that wait, and the marks given.

Owns `Mark` (append-only history), `Claim` (who has an answer on her desk) and `MarkingSettings`
(blind or not, for each quiz). May import `quizzes.attempts` and `quizzes.bank`. The last mark of an
attempt settles it, through `attempts.actions.mark_item`.
"""
