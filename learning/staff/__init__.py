"""Staff lists in and out: files as agencies have them, and other systems by API.

Owns imports (what a file said, what became of it) and their undoing. People, units and memberships
are written through `organisations` and the user model.
"""
