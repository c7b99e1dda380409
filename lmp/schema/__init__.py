"""The data that flows between the stages: frozen, validated, JSON in and out, a unit at every number."""
