"""What the values of nodes can be, beside text, whole numbers, and true or false."""

from collections.abc import Mapping
from typing import Any

Texts = tuple[str, ...]
Object = Mapping[str, Any]
Objects = tuple[Mapping[str, Any], ...]
