"""`subsoil app`: the deal's terms, what they are worth to whom, who would sign, and what follows, in a browser.

Nothing here computes a formula: `calculations` calls the analyses, `figures` the pictures. Only `server` and what it
imports need Panel (the extra `page`).
"""
