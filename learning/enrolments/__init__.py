"""Who studies what, until when, and towards which training goal.

Owns `Enrolment`, `Assignment`, `TrainingGoal`. May import courses and organisations.
"""
