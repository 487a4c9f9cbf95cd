"""Facts of learning: lessons read, modules and courses completed.

Owns the completion rows. May import enrolments and below; never certificates.
"""
