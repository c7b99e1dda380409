"""Keeps an answer from going on for ever inside of what its schema allows: long texts, and digits without end."""

from __future__ import annotations

DECIMALS = 4
"""Digits after the point of a number [count]: a tenth of a millimetre, of a milliradian, of a millisecond."""
_NUMBER = frozenset(b"0123456789+-.eE")


class Pace:
    """Reads an answer as it comes and says when a text or a number has to end.

    Texts share what is left for them: one text takes at most half of it.

    Args:
        text_tokens: How many tokens all texts together may have [count].
    """

    def __init__(self, text_tokens: int):
        self._left = text_tokens
        self._in_text = self._escaped = self._point = False
        self._share = self._decimals = 0

    @property
    def text_is_long(self) -> bool:
        """Inside of a text that has had its share."""
        return self._in_text and self._share <= 0

    @property
    def number_is_long(self) -> bool:
        """Inside of a number that has all its decimals."""
        return self._decimals >= DECIMALS

    def read(self, token: bytes, free: bool) -> None:
        """Reads on.

        Args:
            token: What came.
            free: Whether something else could have come; only that counts as text.
        """
        if self._in_text and free:
            self._left -= 1
            self._share -= 1
        for sign in token:
            if self._in_text:
                self._read_text(sign)
            else:
                self._read_outside(sign)

    def _read_text(self, sign: int) -> None:
        if self._escaped:
            self._escaped = False
        elif sign == ord("\\"):
            self._escaped = True
        elif sign == ord('"'):
            self._in_text = False

    def _read_outside(self, sign: int) -> None:
        if sign == ord('"'):
            self._in_text, self._share = True, self._left // 2
        if sign not in _NUMBER:
            self._point, self._decimals = False, 0
        elif sign == ord("."):
            self._point = True
        elif self._point:
            self._decimals += 1
