"""The machines' door: tokens, the one API, its form of errors.

Owns tokens and `api`, the instance at which the packages above register their routers. Asks
`organisations.access` whose people a token may see. Knows no route itself.
"""
