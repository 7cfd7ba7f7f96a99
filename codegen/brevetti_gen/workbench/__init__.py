"""What a run does beside the steps, what is told of schemas, and the commands for their authors."""
