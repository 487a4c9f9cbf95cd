"""Certificates as Open Badges 3.0: W3C verifiable credentials, signed as JWT (RS256).

A credential is made of what was frozen at issue whenever it is asked for, so nothing of it is kept
but the key. That it was revoked or replaced is told by a status list that is signed the same way.
"""
