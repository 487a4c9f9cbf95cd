"""Running the site: the demo, health, translations, the request log.

Owns no models. May import everything below it.
"""
