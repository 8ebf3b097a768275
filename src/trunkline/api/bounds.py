"""Numbers that a request may hold, within what every database can count to."""

from typing import Annotated

from fastapi import Path, Query

_MOST = 2**31 - 1

Limit = Annotated[int, Query(ge=1, le=1000)]
After = Annotated[int, Query(ge=0, le=_MOST)]
Counted = Annotated[int, Query(ge=1, le=_MOST)]
Number = Annotated[int, Path(ge=1, le=_MOST)]
