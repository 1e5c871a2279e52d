"""Charts of the catalogue as inline SVG: pure functions from rows and counts to markup.

They hold no script or style, for the Content-Security-Policy: the stylesheet colours them by class.
The page shows the same data as a list or table.
"""
