"""Sitting a quiz and grading it.

Owns `Attempt`, its items and answers. May import `quizzes.bank`.
The only way out is `signals.attempt_graded`, sent inside the grading transaction.
"""
