"""SCIM 2.0 (RFC 7643, 7644): people and units of one unit for systems that speak it.

A user is a person who works, or last worked, below the token's unit; a group is a unit. Deleting a
user ends her membership and hides her from the token: what she has learnt stays hers.
"""
