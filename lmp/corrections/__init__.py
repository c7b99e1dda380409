"""Corrections of a primitive in words, by rules: which field, by how much, within the schema's ranges. No part moves here."""
