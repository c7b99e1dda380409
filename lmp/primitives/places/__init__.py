"""Where things stand and where there is room for them: outlines, surfaces, spots, placements."""
