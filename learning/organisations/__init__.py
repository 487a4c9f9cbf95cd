"""People's place: units, memberships, who is responsible for which unit.

Owns `Unit`, `Membership`, `Responsibility` and the scope of every HR screen (`access`).
May import `quizzes`; knows nothing of courses.
"""
