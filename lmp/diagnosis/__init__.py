"""What is installed here, what answers, what renders: looked at, and never changed."""
