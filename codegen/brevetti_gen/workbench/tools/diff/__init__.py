"""`brevetti-gen diff`: what changed between two versions of schemas, and what that breaks."""
