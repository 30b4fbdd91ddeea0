"""The forms in which points are written, each with everything that the rules alone say of it."""
