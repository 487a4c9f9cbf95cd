"""What the attempts say about a quiz and its questions: classical item analysis.

Owns the figures and the screens that show them; stores nothing. May import attempts and the bank,
and nothing of learning. Nothing here names a person: what leaves the queries is counts.
"""
