"""How the hand meets a thing: grasps, pushes, slides, and who touches whom."""
