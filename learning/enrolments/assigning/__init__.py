"""Giving courses to people: whom an assignment means, its rounds, and what is done to one person.

`rounds` is arithmetic of dates, `audience` says who is meant, `actions` write.
"""
