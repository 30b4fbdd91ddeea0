"""What one version of the rules means differently from another: semantic changes, each with a direction."""
