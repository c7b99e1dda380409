"""From pixels to the world: what a point or a box of a picture shows, and where that is."""
