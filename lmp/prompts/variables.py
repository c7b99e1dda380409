"""The variables that a planner fills into the prompt of each question: the names, and what each of them holds."""

from __future__ import annotations

QUESTIONS: dict[str, tuple[str, ...]] = {
    "decompose": ("instruction", "skills", "conditions", "objects", "robot", "pictures", "history"),
    "plan": ("instruction", "skills", "conditions", "objects", "robot", "pictures", "history", "goals"),
    "ground": ("instruction", "subgoal", "skill", "objects", "robot", "pictures", "history", "goals"),
    "correct": ("instruction", "subgoal", "skill", "objects", "robot", "pictures", "attempts", "goals"),
    "verify": ("subgoal", "conditions", "objects", "pictures"),
}
"""The variables of each question, all of them texts; any may be empty."""

MEANINGS: dict[str, str] = {
    "instruction": "what the person said, word for word",
    "subgoal": "the subgoal: description, objects, conditions",
    "skills": "the skills of the registry: name, line, parameters, an example",
    "skill": "the subgoal's skill: name, line, parameters, an example",
    "conditions": "decompose and plan: the kinds of condition with their fields; verify: the conditions that are to be judged",
    "objects": "a table of the objects, numbered like the marks in the pictures",
    "robot": "tool position, gripper opening, what is held, the workspace, the frame",
    "pictures": "which pictures go with the question: label, size, pixel convention",
    "history": "what was tried before, and how it ended",
    "attempts": "every attempt at this subgoal: its parameters, and the evidence of how it failed",
    "goals": "how a goal may be given: relative to an object, in a frame, or as a point, box or point pair in a picture",
}
"""What each variable holds."""
