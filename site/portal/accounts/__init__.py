"""People as the site knows them: the user model, logging in and out.

Owns `User` (e-mail or staff code, full name). Imports `learning.vietnamese` only.
Everyone else reaches the user through `settings.AUTH_USER_MODEL`.
"""
