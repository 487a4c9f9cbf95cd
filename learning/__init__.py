"""Content, people, facts and results of the training.

May import `quizzes`; never `portal`.
"""
