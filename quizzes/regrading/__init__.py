"""Grading anew: a question's key corrected, the question void, or full credit to everyone.

Owns `Regrade` and `RegradeChange`, the history of what was done to whose result and why. The
rulings themselves lie in `quizzes.attempts`, where later grading reads them. May import
`quizzes.attempts` and `quizzes.bank`. What follows from a new result elsewhere is asked by
`signals.regrade_effects` before, and told by `attempts.signals.attempt_regraded` after.
"""
