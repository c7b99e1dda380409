"""Pictures that a model can read: numbered marks, axes and a scale, several views, and each model's way to write pixels."""
