"""Sitting a quiz and grading it.

Owns `Attempt`, its items and answers, and the `Ruling`s that grading follows. May import
`quizzes.bank`. The ways out are `signals.attempt_graded` and `signals.attempt_regraded`, sent in
the transaction that grades.
"""
