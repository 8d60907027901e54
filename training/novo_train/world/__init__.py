"""What exists and how people ask for it: kinds, properties, phrases, queries. No pixels."""
