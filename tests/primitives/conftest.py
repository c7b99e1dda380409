"""Its place puts this folder on the import path, so that the tests in every room find the arm and the scenes."""
