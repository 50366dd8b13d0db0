"""What is asked of the body: scenarios, the runner, metrics, and the command line."""
