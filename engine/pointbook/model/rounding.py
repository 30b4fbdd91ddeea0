"""Half-up rounding of exact quotients."""


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, a half going up (towards +∞).

    `denominator` is positive.
    """
    return (2 * numerator + denominator) // (2 * denominator)
