"""Show notes as text at the desk: pasted, understood while one types, applied without errors."""
