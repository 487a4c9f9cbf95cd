"""The Django project: settings, urls, people's accounts, the home page, operations.

May import everything; nothing outside this package may import it.
"""
