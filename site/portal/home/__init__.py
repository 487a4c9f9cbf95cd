"""The public front: the home page, what every page shows around its content.

Owns `HomePage` and the site-wide template context. May import everything below it.
"""
