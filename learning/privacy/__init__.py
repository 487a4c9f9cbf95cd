"""«Dữ liệu của tôi»: what is kept about a person, for what, how long, and her rights to it.

Owns requests (correction, copy, erasure), consents and the rules of retention. The packages above
register what they keep; this one never looks into them. May import `organisations` and `notices`.
"""
