"""The learner's screens, and the story of the whole path (`journey`).

Owns no models. May import everything in learning below it, and quizzes.
"""
