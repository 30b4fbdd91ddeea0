"""Renderers: finished results in, text out. They decide nothing."""
