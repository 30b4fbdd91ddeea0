"""The command line: options in, calls to the engine, results rendered. Only here is anything printed."""
