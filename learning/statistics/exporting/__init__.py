"""Long lists as files: made by the worker, watched, cancelled, fetched within a week.

A short list is sent at once (`learning.statistics.exports`); the files are the same. Nothing here
is shown to anybody but who asked for it, and to her only while all that is in the file lies in her
scope.
"""
