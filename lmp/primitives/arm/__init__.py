"""Where the arm is, and which postures bring it somewhere: kinematics and inverse kinematics."""
