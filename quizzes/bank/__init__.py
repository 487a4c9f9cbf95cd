"""Questions, their versions, and the quizzes that use them.

Owns `Question`, `QuestionVersion`, `Quiz`. Imports nothing of this project.
"""
