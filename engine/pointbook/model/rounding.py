"""Half-up rounding of exact quotients."""


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, a half going up (towards +∞).

    5 / 2 is 3, and -5 / 2 is -2: (2 * -5 + 2) // (2 * 2) = -8 // 4. `denominator` is positive.
    """
    return (2 * numerator + denominator) // (2 * denominator)
