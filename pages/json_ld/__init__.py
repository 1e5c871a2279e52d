"""schema.org data in JSON-LD, made from rows, and nowhere else.

The types and their properties are schema.org's; what profiles and articles need is Google's
(developers.google.com/search/docs/appearance/structured-data).
"""
