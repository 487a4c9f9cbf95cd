"""Changes of units: asked (`plans`), refused (`checking`), shown (`preview`), done (`applying`).

One computation (`effects`) serves the preview and the act, so what is counted is what is done.
"""
