"""The causes that are tried: each module lists hypotheses about one subject, the plainest first."""
