"""Sizes as people read them."""

_THOUSAND = 1000
_UNITS = ("B", "kB", "MB", "GB")


def as_size(size: float) -> str:
    """Bytes in the unit that fits, of which each is a thousand of the one before."""
    for unit in _UNITS:
        if round(size, 1) < _THOUSAND:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= _THOUSAND
    return f"{size:.1f} TB"
