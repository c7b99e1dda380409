"""Places of objects and room for them: outlines, surfaces, spots, placements."""
