"""What `pointbook evaluate` does: by the interpreter, or by an engine that runs the plan."""
