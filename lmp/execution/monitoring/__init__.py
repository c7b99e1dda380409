"""What is watched while an arm moves: the grip, contact forces, the arm itself, and whether things are still in their place."""
