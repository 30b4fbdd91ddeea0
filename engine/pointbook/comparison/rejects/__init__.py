"""What rejected rows of a log could be, and how far they could move the figures of a comparison."""
