"""What `export_catalogue` wrote, read to the letter; another site's checkout is interpreted."""
