"""The words of corrections."""

from __future__ import annotations

from lmp.corrections.wish import A_BIT, MUCH, About
from lmp.schema.motion import Direction

COMPARATIVES: dict[str, tuple[About, int]] = {
    "higher": ("height", 1),
    "lower": ("height", -1),
    "faster": ("speed", 1),
    "quicker": ("speed", 1),
    "speedier": ("speed", 1),
    "slower": ("speed", -1),
    "gentler": ("gentleness", 1),
    "softer": ("gentleness", 1),
    "rougher": ("gentleness", -1),
    "firmer": ("grip", 1),
    "tighter": ("grip", 1),
    "harder": ("grip", 1),
    "stronger": ("grip", 1),
    "looser": ("grip", -1),
    "weaker": ("grip", -1),
    "farther": ("distance", 1),
    "further": ("distance", 1),
    "longer": ("distance", 1),
    "shorter": ("distance", -1),
    "nearer": ("distance", -1),
    "closer": ("distance", -1),
    "straighter": ("arc", -1),
    "higher arc": ("arc", 1),
    "wider arc": ("arc", 1),
    "bigger arc": ("arc", 1),
    "lower arc": ("arc", -1),
    "flatter arc": ("arc", -1),
    "smaller arc": ("arc", -1),
    "flatter": ("arc", -1),
}
"""Words that stand alone."""
ADJECTIVES: dict[str, tuple[About, int]] = {
    "high": ("height", 1),
    "low": ("height", -1),
    "fast": ("speed", 1),
    "quick": ("speed", 1),
    "quickly": ("speed", 1),
    "slow": ("speed", -1),
    "slowly": ("speed", -1),
    "gentle": ("gentleness", 1),
    "gently": ("gentleness", 1),
    "carefully": ("gentleness", 1),
    "careful": ("gentleness", 1),
    "soft": ("gentleness", 1),
    "softly": ("gentleness", 1),
    "rough": ("gentleness", -1),
    "firm": ("grip", 1),
    "firmly": ("grip", 1),
    "tight": ("grip", 1),
    "tightly": ("grip", 1),
    "hard": ("grip", 1),
    "loose": ("grip", -1),
    "loosely": ("grip", -1),
    "weak": ("grip", -1),
    "far": ("distance", 1),
    "near": ("distance", -1),
    "close": ("distance", -1),
    "short": ("distance", -1),
}
"""Words that need "more", "less", "too", "not so" before them, or "enough" behind."""
PLACES: dict[str, Direction] = {
    "left": "left",
    "leftward": "left",
    "leftwards": "left",
    "right": "right",
    "rightward": "right",
    "rightwards": "right",
    "forward": "forward",
    "forwards": "forward",
    "back": "forward",
    "rear": "forward",
    "away": "forward",
    "away from you": "forward",
    "away from the robot": "forward",
    "backward": "backward",
    "backwards": "backward",
    "front": "backward",
    "you": "backward",
    "yourself": "backward",
    "robot": "backward",
}
"""Where something ends: "more to the ...", as the robot sees it."""
SIDES: dict[str, Direction | None] = {
    "left": "left",
    "right": "right",
    "front": "backward",
    "back": "forward",
    "behind": "forward",
    "rear": "forward",
    "above": "up",
    "top": "up",
    "side": None,
    "sides": None,
}
"""Where something comes from: "from the ..."; `None` is whichever side is nearer."""
DEGREES: dict[str, float] = {
    "a bit": A_BIT,
    "a little bit": A_BIT,
    "a tiny bit": A_BIT,
    "a little": A_BIT,
    "a tad": A_BIT,
    "a touch": A_BIT,
    "bit": A_BIT,
    "little": A_BIT,
    "slightly": A_BIT,
    "somewhat": A_BIT,
    "much": MUCH,
    "a lot": MUCH,
    "lots": MUCH,
    "way": MUCH,
    "considerably": MUCH,
    "a great deal": MUCH,
}
KNOWN = (
    "higher, lower, slower, faster, gentler, firmer, looser, more to the left (right, front, back), farther, nearer, "
    "from the left (right, front, back, side, above), in a higher arc, straight, another grasp, the other one; "
    'with "a bit" or "much", or with a number: 5 cm higher, 20 % slower; '
    'then "a bit more", "a bit less", "less"'
)
"""What is understood, for people."""
