"""How a member's levels went on one side, and why the two sides come to different ones."""
