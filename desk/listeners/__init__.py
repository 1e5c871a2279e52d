"""What the host learns of listeners: each page is some tables with charts, also as CSV and JSON."""
