"""Content: campaign, course, module and lesson pages, sources, content packs.

Owns the page types and the register of sources. May import `quizzes`.
Identity of a course, module or lesson is its page's translation key, never its page id.
"""
