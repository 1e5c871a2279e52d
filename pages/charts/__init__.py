"""Pictures of the catalogue as inline SVG: pure functions from rows and counts to markup.

No script and no style in them, for the Content-Security-Policy; colours come from the page's
stylesheet by class. What a picture shows also stands in the page as a list or a table.
"""
