"""The register of sources at work: who cites what, what must be looked at again, and why.

`freshness` holds the rules, `citations` finds who cites; screens and commands ask `queries`.
"""
