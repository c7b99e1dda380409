"""The state of this installation: what is installed, what answers, what renders: looked at, and never changed."""
