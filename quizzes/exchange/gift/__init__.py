"""The GIFT text format, its reading and its writing. Pure functions.

Its grammar: https://docs.moodle.org/en/GIFT_format. What it lacks stands in the comment before a
question, in marks as `[id:…]` and `[tag:…]`, which Moodle reads too, and others that only we read.
"""
