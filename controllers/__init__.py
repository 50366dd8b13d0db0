"""What the body decides: from a robot state to a joint command."""
